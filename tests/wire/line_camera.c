/* A GigE Vision camera with a trigger line: each byte on standard input is a pulse on it.
 *
 *     line_camera INTERFACE SERIAL GENICAM_XML
 *
 * Aravis' fake camera knows one trigger, that of a register. No host writes it here: it simulates the line.
 */
#include <arv.h>
#include <stdio.h>

int main(int count, char **words)
{
    if (count != 4)
        return 2;
    ArvGvFakeCamera *device = arv_gv_fake_camera_new_full(words[1], words[2], words[3]);
    if (!arv_gv_fake_camera_is_running(device))
        return 1;
    ArvFakeCamera *sensor = arv_gv_fake_camera_get_fake_camera(device);
    while (getchar() != EOF)
        arv_fake_camera_write_register(sensor, ARV_FAKE_CAMERA_REGISTER_TRIGGER_SOFTWARE, 1);
    g_object_unref(device);
    return 0;
}
