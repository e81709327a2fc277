/* A GenTL producer for GigE Vision cameras over libaravis: a test tool that lets Harvester reach a camera on a wire.
 *
 * Cameras are asked for at the addresses in LINESIDE_WIRE; several may be open at once. It links GLib, which does not
 * survive being unloaded: link it with -z nodelete. */
#include <stdio.h>
#include <string.h>

#include "wire.h"

#define PACKET_BYTES 1400

static Module system_module = {SYSTEM_MODULE}, interface_module = {INTERFACE_MODULE};
static bool initialised;
static Found cameras[MOST_CAMERAS];
static int camera_count;
static Device *devices[MOST_CAMERAS];
static _Thread_local char last_words[512] = "";
static _Thread_local GC_ERROR last_code = GC_ERR_SUCCESS;

GC_ERROR failed(GC_ERROR code, const char *words)
{
    snprintf(last_words, sizeof last_words, "%s", words);
    return last_code = code;
}

GC_ERROR failed_in_aravis(GC_ERROR code, GError *error)
{
    failed(code, error != NULL ? error->message : "no reason given");
    g_clear_error(&error);
    return code;
}

GC_ERROR give(const void *value, size_t size, int32_t type, int32_t *given_type, void *place, size_t *room)
{
    if (room == NULL)
        return failed(GC_ERR_INVALID_PARAMETER, "no size given");
    size_t had = *room;
    *room = size;
    if (given_type != NULL)
        *given_type = type;
    if (place == NULL)
        return GC_ERR_SUCCESS;
    if (had < size)
        return failed(GC_ERR_BUFFER_TOO_SMALL, "more room is needed");
    memcpy(place, value, size);
    return GC_ERR_SUCCESS;
}

GC_ERROR give_text(const char *text, int32_t *given_type, void *place, size_t *room)
{
    return give(text, strlen(text) + 1, INFO_STRING, given_type, place, room);
}

/* The library and the system */

GC_API GCInitLib(void)
{
    if (initialised)
        return failed(GC_ERR_RESOURCE_IN_USE, "already initialised");
    initialised = true;
    return GC_ERR_SUCCESS;
}

GC_API GCCloseLib(void)
{
    initialised = false;
    return GC_ERR_SUCCESS;
}

GC_API GCGetLastError(GC_ERROR *code, char *words, size_t *room)
{
    int32_t type;
    if (code != NULL)
        *code = last_code;
    return give_text(last_words, &type, words, room);
}

GC_API TLGetInfo(Handle system, int32_t what, int32_t *given_type, void *place, size_t *room)
{
    (void)system;
    switch (what) {
    case TL_ID:
    case TL_MODEL:
    case TL_DISPLAYNAME: return give_text("Lineside wire", given_type, place, room);
    case TL_VENDOR: return give_text("Lineside", given_type, place, room);
    case TL_VERSION: return give_text("1.0", given_type, place, room);
    case TL_TLTYPE: return give_text("GEV", given_type, place, room);
    case TL_NAME:
    case TL_PATHNAME: return give_text("wire.cti", given_type, place, room);
    case TL_ENCODING: GIVE(int32_t, INFO_INT32, 0);
    case TL_MAJOR: GIVE(uint32_t, INFO_UINT32, 1);
    case TL_MINOR: GIVE(uint32_t, INFO_UINT32, 5);
    }
    return failed(GC_ERR_NOT_IMPLEMENTED, "no information about a system");
}

GC_API GCGetInfo(int32_t what, int32_t *given_type, void *place, size_t *room)
{
    return TLGetInfo(&system_module, what, given_type, place, room);
}

GC_API TLOpen(Handle *system)
{
    if (!initialised)
        return failed(GC_ERR_NOT_INITIALIZED, "GCInitLib comes first");
    *system = &system_module;
    return GC_ERR_SUCCESS;
}

GC_API TLClose(Handle system)
{
    return system == &system_module ? GC_ERR_SUCCESS : failed(GC_ERR_INVALID_HANDLE, "no system");
}

/* The one interface: all addresses that were named */

GC_API TLGetNumInterfaces(Handle system, uint32_t *count)
{
    *count = system == &system_module;
    return GC_ERR_SUCCESS;
}

GC_API TLGetInterfaceID(Handle system, uint32_t index, char *id, size_t *room)
{
    int32_t type;
    (void)system;
    return index == 0 ? give_text("wire", &type, id, room) : failed(GC_ERR_INVALID_INDEX, "there is one interface");
}

GC_API TLGetInterfaceInfo(Handle system, const char *id, int32_t what, int32_t *given_type, void *place, size_t *room)
{
    (void)system, (void)id;
    switch (what) {
    case INTERFACE_ID: return give_text("wire", given_type, place, room);
    case INTERFACE_DISPLAYNAME: return give_text("Ethernet, over Aravis", given_type, place, room);
    case INTERFACE_TLTYPE: return give_text("GEV", given_type, place, room);
    }
    return failed(GC_ERR_NOT_IMPLEMENTED, "no information about an interface");
}

GC_API TLUpdateInterfaceList(Handle system, bool8_t *changed, uint64_t patience_ms)
{
    (void)system, (void)patience_ms;
    if (changed != NULL)
        *changed = 0;
    return GC_ERR_SUCCESS;
}

GC_API TLOpenInterface(Handle system, const char *id, Handle *interface)
{
    (void)system, (void)id;
    *interface = &interface_module;
    return GC_ERR_SUCCESS;
}

GC_API IFClose(Handle interface)
{
    return interface == &interface_module ? GC_ERR_SUCCESS : failed(GC_ERR_INVALID_HANDLE, "no interface");
}

GC_API IFGetInfo(Handle interface, int32_t what, int32_t *given_type, void *place, size_t *room)
{
    (void)interface;
    return TLGetInterfaceInfo(&system_module, "wire", what, given_type, place, room);
}

/* Devices */

static Device *opened(const char *address)
{
    for (int i = 0; i < MOST_CAMERAS; i++)
        if (devices[i] != NULL && strcmp(devices[i]->found.address, address) == 0)
            return devices[i];
    return NULL;
}

static Found *find_visible(const char *address)
{
    for (int i = 0; i < camera_count; i++)
        if (strcmp(cameras[i].address, address) == 0)
            return &cameras[i];
    return NULL;
}

static int32_t access_to(const Found *found)
{
    Device *device = opened(found->address);
    if (device != NULL)
        return device->lost ? ACCESS_NOACCESS : ACCESS_OPEN;
    return found->held ? ACCESS_BUSY : ACCESS_READWRITE;
}

static GC_ERROR describe(const Found *found, int32_t what, int32_t *given_type, void *place, size_t *room)
{
    switch (what) {
    case DEVICE_ID:
    case DEVICE_DISPLAYNAME: return give_text(found->address, given_type, place, room);
    case DEVICE_VENDOR: return give_text(found->vendor, given_type, place, room);
    case DEVICE_MODEL: return give_text(found->model, given_type, place, room);
    case DEVICE_TLTYPE: return give_text("GEV", given_type, place, room);
    case DEVICE_ACCESS: GIVE(int32_t, INFO_INT32, access_to(found));
    case DEVICE_USER_NAME: return give_text(found->user_name, given_type, place, room);
    case DEVICE_SERIAL: return give_text(found->serial, given_type, place, room);
    case DEVICE_VERSION: return give_text(found->version, given_type, place, room);
    case DEVICE_TICKS: GIVE(uint64_t, INFO_UINT64, 1000000000);
    }
    return failed(GC_ERR_NOT_IMPLEMENTED, "no information about a device");
}

GC_API IFUpdateDeviceList(Handle interface, bool8_t *changed, uint64_t patience_ms)
{
    (void)interface, (void)patience_ms;
    camera_count = find_cameras(cameras);
    if (changed != NULL)
        *changed = 1;
    return GC_ERR_SUCCESS;
}

GC_API IFGetNumDevices(Handle interface, uint32_t *count)
{
    (void)interface;
    *count = camera_count;
    return GC_ERR_SUCCESS;
}

GC_API IFGetDeviceID(Handle interface, uint32_t index, char *id, size_t *room)
{
    int32_t type;
    (void)interface;
    if (index >= (uint32_t)camera_count)
        return failed(GC_ERR_INVALID_INDEX, "fewer cameras answered");
    return give_text(cameras[index].address, &type, id, room);
}

GC_API IFGetDeviceInfo(Handle interface, const char *id, int32_t what, int32_t *given_type, void *place, size_t *room)
{
    Found *found = find_visible(id);
    (void)interface;
    return found != NULL ? describe(found, what, given_type, place, room) : failed(GC_ERR_INVALID_ID, "no such camera");
}

static void on_control_lost(ArvDevice *aravis, Device *device)
{
    (void)aravis;
    device->lost = true;
}

static Device *new_device(const Found *found, ArvCamera *camera)
{
    Device *device = g_new0(Device, 1);
    device->module.kind = DEVICE_MODULE;
    device->remote.kind = REMOTE_MODULE;
    device->found = *found;
    device->camera = camera;
    device->aravis = arv_camera_get_device(camera);
    device->xml = arv_device_get_genicam_xml(device->aravis, &device->xml_size);
    g_signal_connect(device->aravis, "control-lost", G_CALLBACK(on_control_lost), device);
    arv_camera_gv_set_packet_size(camera, PACKET_BYTES, NULL);
    return device;
}

GC_API IFOpenDevice(Handle interface, const char *id, int32_t flags, Handle *handle)
{
    Found *found = find_visible(id);
    GError *error = NULL;
    int place = 0;
    (void)interface, (void)flags;
    if (found == NULL)
        return failed(GC_ERR_INVALID_ID, "no such camera");
    if (found->held)
        return failed(GC_ERR_ACCESS_DENIED, "another host has control of the camera");
    while (place < MOST_CAMERAS && devices[place] != NULL)
        place++;
    if (opened(id) != NULL || place == MOST_CAMERAS)
        return failed(GC_ERR_RESOURCE_IN_USE, "already open");
    ArvCamera *camera = arv_camera_new(found->address, &error);
    if (camera == NULL)
        return failed_in_aravis(GC_ERR_IO, error);
    if (!arv_gv_device_is_controller(ARV_GV_DEVICE(arv_camera_get_device(camera)))) {
        g_object_unref(camera);
        return failed(GC_ERR_ACCESS_DENIED, "another host took control of the camera");
    }
    *handle = devices[place] = new_device(found, camera);
    return GC_ERR_SUCCESS;
}

GC_API DevClose(Handle handle)
{
    for (int i = 0; i < MOST_CAMERAS; i++)
        if (devices[i] == handle)
            devices[i] = NULL;
    Device *device = handle;
    g_signal_handlers_disconnect_by_data(device->aravis, device);
    g_object_unref(device->camera);
    g_free(device);
    return GC_ERR_SUCCESS;
}

GC_API DevGetInfo(Handle handle, int32_t what, int32_t *given_type, void *place, size_t *room)
{
    return describe(&((Device *)handle)->found, what, given_type, place, room);
}

GC_API DevGetPort(Handle handle, Handle *port)
{
    *port = &((Device *)handle)->remote;
    return GC_ERR_SUCCESS;
}


GC_API IFGetParentTL(Handle interface, Handle *parent)
{
    (void)interface;
    *parent = &system_module;
    return GC_ERR_SUCCESS;
}

GC_API DevGetParentIF(Handle handle, Handle *parent)
{
    (void)handle;
    *parent = &interface_module;
    return GC_ERR_SUCCESS;
}
