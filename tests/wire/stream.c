/* Data streams, their buffers, and the event of a buffer that was filled. */
#include <string.h>

#include "wire.h"

#define LEAST_BUFFERS 2
#define LOOK_US 20000
#define ONE_DAY_MS 86400000ULL

GC_API DevGetNumDataStreams(Handle device, uint32_t *count)
{
    *count = device != NULL;
    return GC_ERR_SUCCESS;
}

GC_API DevGetDataStreamID(Handle device, uint32_t index, char *id, size_t *room)
{
    int32_t type;
    (void)device;
    return index == 0 ? give_text("stream", &type, id, room) : failed(GC_ERR_INVALID_INDEX, "there is one stream");
}

GC_API DevOpenDataStream(Handle handle, const char *id, Handle *opened)
{
    Device *device = handle;
    GError *error = NULL;
    (void)id;
    if (device->stream != NULL)
        return failed(GC_ERR_RESOURCE_IN_USE, "the stream is open");
    ArvStream *aravis = arv_camera_create_stream(device->camera, NULL, NULL, &error);
    if (aravis == NULL)
        return failed_in_aravis(GC_ERR_ERROR, error);
    Stream *stream = g_new0(Stream, 1);
    stream->module.kind = STREAM_MODULE;
    stream->device = device;
    stream->aravis = aravis;
    *opened = device->stream = stream;
    return GC_ERR_SUCCESS;
}

GC_API DSClose(Handle handle)
{
    Stream *stream = handle;
    stream->device->stream = NULL;
    g_object_unref(stream->aravis);
    g_free(stream->event);
    g_free(stream);
    return GC_ERR_SUCCESS;
}

GC_API DSGetParentDev(Handle handle, Handle *parent)
{
    *parent = ((Stream *)handle)->device;
    return GC_ERR_SUCCESS;
}

/* Buffers: ours hold a reference of their own, so that Aravis never frees what the caller still knows. */

GC_API DSAnnounceBuffer(Handle handle, void *memory, size_t size, void *user, Handle *announced)
{
    Stream *stream = handle;
    Buffer *buffer = g_new0(Buffer, 1);
    buffer->memory = memory;
    buffer->size = size;
    buffer->user = user;
    buffer->aravis = arv_buffer_new_full(size, memory, buffer, NULL);
    buffer->next = stream->buffers;
    stream->buffers = buffer;
    stream->announced++;
    *announced = buffer;
    return GC_ERR_SUCCESS;
}

GC_API DSAllocAndAnnounceBuffer(Handle handle, size_t size, void *user, Handle *announced)
{
    DSAnnounceBuffer(handle, g_malloc(size), size, user, announced);
    ((Buffer *)*announced)->own_memory = true;
    return GC_ERR_SUCCESS;
}

GC_API DSQueueBuffer(Handle handle, Handle queued)
{
    Stream *stream = handle;
    Buffer *buffer = queued;
    if (buffer->queued)
        return failed(GC_ERR_RESOURCE_IN_USE, "the buffer is queued");
    buffer->queued = true;
    g_object_ref(buffer->aravis);
    arv_stream_push_buffer(stream->aravis, buffer->aravis);
    return GC_ERR_SUCCESS;
}

GC_API DSRevokeBuffer(Handle handle, Handle revoked, void **memory, void **user)
{
    Stream *stream = handle;
    Buffer *buffer = revoked, **link = &stream->buffers;
    if (buffer->queued)
        return failed(GC_ERR_BUSY, "the buffer is queued");
    while (*link != NULL && *link != buffer)
        link = &(*link)->next;
    if (*link == NULL)
        return failed(GC_ERR_INVALID_HANDLE, "no buffer of this stream");
    *link = buffer->next;
    stream->announced--;
    if (memory != NULL)
        *memory = buffer->own_memory ? NULL : buffer->memory;
    if (user != NULL)
        *user = buffer->user;
    g_object_unref(buffer->aravis);
    if (buffer->own_memory)
        g_free(buffer->memory);
    g_free(buffer);
    return GC_ERR_SUCCESS;
}

GC_API DSGetBufferID(Handle handle, uint32_t index, Handle *found)
{
    Buffer *buffer = ((Stream *)handle)->buffers;
    while (buffer != NULL && index-- > 0)
        buffer = buffer->next;
    *found = buffer;
    return buffer != NULL ? GC_ERR_SUCCESS : failed(GC_ERR_INVALID_INDEX, "fewer buffers");
}

/* Buffers can be taken back only after the stream's thread has stopped. */
static void take_all_buffers_back(Stream *stream)
{
    arv_stream_stop_thread(stream->aravis, TRUE);
    for (Buffer *buffer = stream->buffers; buffer != NULL; buffer = buffer->next)
        buffer->queued = false;
    arv_stream_start_thread(stream->aravis);
}

GC_API DSFlushQueue(Handle handle, int32_t what)
{
    Stream *stream = handle;
    if (what == FLUSH_ALL || what == FLUSH_ALL_TO_INPUT)
        take_all_buffers_back(stream);
    if (what == FLUSH_ALL_TO_INPUT || what == FLUSH_UNQUEUED_TO_INPUT)
        for (Buffer *buffer = stream->buffers; buffer != NULL; buffer = buffer->next)
            if (!buffer->queued)
                DSQueueBuffer(stream, buffer);
    return GC_ERR_SUCCESS;
}

GC_API DSStartAcquisition(Handle handle, int32_t flags, uint64_t count)
{
    (void)flags, (void)count;
    ((Stream *)handle)->grabbing = true;
    return GC_ERR_SUCCESS;
}

GC_API DSStopAcquisition(Handle handle, int32_t flags)
{
    (void)flags;
    ((Stream *)handle)->grabbing = false;
    return GC_ERR_SUCCESS;
}

GC_API DSGetInfo(Handle handle, int32_t what, int32_t *given_type, void *place, size_t *room)
{
    Stream *stream = handle;
    guint64 completed = 0, failures = 0, underruns = 0;
    gint input = 0, output = 0;
    arv_stream_get_n_buffers(stream->aravis, &input, &output);
    arv_stream_get_statistics(stream->aravis, &completed, &failures, &underruns);
    switch (what) {
    case STREAM_ID: return give_text("stream", given_type, place, room);
    case STREAM_DELIVERED:
    case STREAM_STARTED: GIVE(uint64_t, INFO_UINT64, completed + failures);
    case STREAM_UNDERRUN: GIVE(uint64_t, INFO_UINT64, underruns);
    case STREAM_ANNOUNCED: GIVE(size_t, INFO_SIZE, stream->announced);
    case STREAM_QUEUED: GIVE(size_t, INFO_SIZE, input);
    case STREAM_AWAITING: GIVE(size_t, INFO_SIZE, output);
    case STREAM_GRABBING: GIVE(bool8_t, INFO_BOOL8, stream->grabbing);
    case STREAM_DEFINES_PAYLOAD_SIZE: GIVE(bool8_t, INFO_BOOL8, 0);
    case STREAM_TLTYPE: return give_text("GEV", given_type, place, room);
    case STREAM_LEAST_BUFFERS: GIVE(size_t, INFO_SIZE, LEAST_BUFFERS);
    case STREAM_ALIGNMENT: GIVE(size_t, INFO_SIZE, 1);
    }
    return failed(GC_ERR_NOT_AVAILABLE, "no information about a stream");
}

static GC_ERROR tell_of_picture(ArvBuffer *aravis, int32_t what, int32_t *given_type, void *place, size_t *room)
{
    size_t filled = 0;
    switch (what) {
    case BUFFER_TIMESTAMP:
    case BUFFER_TIMESTAMP_NS: GIVE(uint64_t, INFO_UINT64, arv_buffer_get_timestamp(aravis));
    case BUFFER_NEW_DATA:
    case BUFFER_IMAGE_PRESENT: GIVE(bool8_t, INFO_BOOL8, 1);
    case BUFFER_INCOMPLETE: GIVE(bool8_t, INFO_BOOL8, arv_buffer_get_status(aravis) != ARV_BUFFER_STATUS_SUCCESS);
    case BUFFER_SIZE_FILLED:
    case BUFFER_DATA_SIZE: arv_buffer_get_data(aravis, &filled); GIVE(size_t, INFO_SIZE, filled);
    case BUFFER_WIDTH: GIVE(size_t, INFO_SIZE, arv_buffer_get_image_width(aravis));
    case BUFFER_HEIGHT:
    case BUFFER_DELIVERED_HEIGHT: GIVE(size_t, INFO_SIZE, arv_buffer_get_image_height(aravis));
    case BUFFER_X: GIVE(size_t, INFO_SIZE, arv_buffer_get_image_x(aravis));
    case BUFFER_Y: GIVE(size_t, INFO_SIZE, arv_buffer_get_image_y(aravis));
    case BUFFER_PADDING_X:
    case BUFFER_PADDING_Y:
    case BUFFER_IMAGE_OFFSET: GIVE(size_t, INFO_SIZE, 0);
    case BUFFER_FRAME_ID: GIVE(uint64_t, INFO_UINT64, arv_buffer_get_frame_id(aravis));
    case BUFFER_PAYLOAD: GIVE(size_t, INFO_SIZE, PAYLOAD_IMAGE);
    case BUFFER_PIXEL_FORMAT: GIVE(uint64_t, INFO_UINT64, (uint32_t)arv_buffer_get_image_pixel_format(aravis));
    case BUFFER_PIXEL_NAMESPACE: GIVE(uint64_t, INFO_UINT64, PIXELS_PFNC_32BIT);
    }
    return failed(GC_ERR_NOT_AVAILABLE, "no information about a buffer");
}

GC_API DSGetBufferInfo(Handle handle, Handle asked, int32_t what, int32_t *given_type, void *place, size_t *room)
{
    Buffer *buffer = asked;
    (void)handle;
    switch (what) {
    case BUFFER_BASE: GIVE(void *, INFO_POINTER, buffer->memory);
    case BUFFER_SIZE: GIVE(size_t, INFO_SIZE, buffer->size);
    case BUFFER_USER: GIVE(void *, INFO_POINTER, buffer->user);
    case BUFFER_IS_QUEUED: GIVE(bool8_t, INFO_BOOL8, buffer->queued);
    case BUFFER_ACQUIRING: GIVE(bool8_t, INFO_BOOL8, 0);
    case BUFFER_TLTYPE: return give_text("GEV", given_type, place, room);
    }
    if (buffer->queued)
        return failed(GC_ERR_NO_DATA, "the buffer is queued");
    return tell_of_picture(buffer->aravis, what, given_type, place, room);
}

GC_API DSGetBufferChunkData(Handle handle, Handle buffer, void *chunks, size_t *count)
{
    (void)handle, (void)buffer, (void)chunks;
    *count = 0;
    return GC_ERR_SUCCESS;
}

/* The event of a filled buffer; no other is known */

GC_API GCRegisterEvent(Handle handle, int32_t type, Handle *registered)
{
    Stream *stream = handle;
    if (stream->module.kind != STREAM_MODULE || type != EVENT_NEW_BUFFER)
        return failed(GC_ERR_NOT_IMPLEMENTED, "no such event");
    if (stream->event != NULL)
        return failed(GC_ERR_RESOURCE_IN_USE, "the event is registered");
    stream->event = g_new0(Event, 1);
    stream->event->module.kind = EVENT_MODULE;
    stream->event->stream = stream;
    *registered = stream->event;
    return GC_ERR_SUCCESS;
}

GC_API GCUnregisterEvent(Handle handle, int32_t type)
{
    Stream *stream = handle;
    if (stream->module.kind != STREAM_MODULE || type != EVENT_NEW_BUFFER || stream->event == NULL)
        return failed(GC_ERR_INVALID_PARAMETER, "no such event is registered");
    g_free(stream->event);
    stream->event = NULL;
    return GC_ERR_SUCCESS;
}

static ArvBuffer *next_filled(Stream *stream, gint64 patience_us)
{
    if (patience_us <= 0)
        return arv_stream_try_pop_buffer(stream->aravis);
    return arv_stream_timeout_pop_buffer(stream->aravis, MIN(patience_us, LOOK_US));
}

static GC_ERROR hand_over(Event *event, ArvBuffer *filled, void **place, size_t *room)
{
    Buffer *buffer = (Buffer *)arv_buffer_get_user_data(filled);
    buffer->queued = false;
    g_object_unref(filled); /* the reference that the stream had */
    event->fired++;
    place[0] = buffer;
    place[1] = buffer->user;
    *room = 2 * sizeof(void *);
    return GC_ERR_SUCCESS;
}

GC_API EventGetData(Handle handle, void *place, size_t *room, uint64_t patience_ms)
{
    Event *event = handle;
    gint64 end = g_get_monotonic_time() + (gint64)MIN(patience_ms, ONE_DAY_MS) * 1000;
    if (*room < 2 * sizeof(void *))
        return failed(GC_ERR_BUFFER_TOO_SMALL, "more room is needed");
    for (;;) {
        gint64 left = end - g_get_monotonic_time();
        ArvBuffer *filled = next_filled(event->stream, left);
        if (filled != NULL)
            return hand_over(event, filled, place, room);
        if (event->stream->device->lost)
            return failed(GC_ERR_IO, "the camera is lost");
        if (event->killed) {
            event->killed = false;
            return failed(GC_ERR_ABORT, "the wait was ended");
        }
        if (left <= 0)
            return failed(GC_ERR_TIMEOUT, "no buffer was filled in time");
    }
}

GC_API EventGetDataInfo(Handle event, const void *data, size_t size, int32_t what, int32_t *given_type, void *place,
                        size_t *room)
{
    (void)event, (void)size;
    switch (what) {
    case DATA_ID: GIVE(void *, INFO_POINTER, ((void *const *)data)[0]);
    case DATA_VALUE: GIVE(void *, INFO_POINTER, ((void *const *)data)[1]);
    }
    return failed(GC_ERR_NOT_IMPLEMENTED, "no information about an event");
}

GC_API EventGetInfo(Handle handle, int32_t what, int32_t *given_type, void *place, size_t *room)
{
    Event *event = handle;
    gint input = 0, output = 0;
    arv_stream_get_n_buffers(event->stream->aravis, &input, &output);
    switch (what) {
    case EVENT_TYPE: GIVE(int32_t, INFO_INT32, EVENT_NEW_BUFFER);
    case EVENT_QUEUED: GIVE(size_t, INFO_SIZE, output);
    case EVENT_FIRED: GIVE(uint64_t, INFO_UINT64, event->fired);
    case EVENT_SIZE_MAX:
    case EVENT_DATA_SIZE_MAX: GIVE(size_t, INFO_SIZE, 2 * sizeof(void *));
    }
    return failed(GC_ERR_NOT_IMPLEMENTED, "no information about an event");
}

GC_API EventFlush(Handle event)
{
    (void)event;
    return GC_ERR_SUCCESS;
}

GC_API EventKill(Handle event)
{
    ((Event *)event)->killed = true;
    return GC_ERR_SUCCESS;
}
