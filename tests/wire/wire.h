/* What the modules of the wire producer share. */
#ifndef LINESIDE_WIRE_H
#define LINESIDE_WIRE_H

#include <arv.h>
#include <stdbool.h>

#include "discovery.h"
#include "gentl.h"

typedef enum { SYSTEM_MODULE, INTERFACE_MODULE, DEVICE_MODULE, STREAM_MODULE, REMOTE_MODULE, EVENT_MODULE } Kind;

/* Every handle points to one of these. */
typedef struct {
    Kind kind;
} Module;

typedef struct Device Device;
typedef struct Stream Stream;

typedef struct Buffer {
    ArvBuffer *aravis;
    void *memory;
    size_t size;
    void *user;
    bool own_memory;
    bool queued;
    struct Buffer *next;
} Buffer;

typedef struct {
    Module module;
    Stream *stream;
    uint64_t fired;
    bool killed;
} Event;

struct Stream {
    Module module;
    Device *device;
    ArvStream *aravis;
    Buffer *buffers;
    size_t announced;
    bool grabbing;
    Event *event;
};

struct Device {
    Module module;
    Module remote; /* The camera itself, as a port of its own. */
    Found found;
    ArvCamera *camera;
    ArvDevice *aravis;
    const char *xml;
    size_t xml_size;
    Stream *stream;
    volatile bool lost;
};

/* Remember what went wrong and return its code. */
GC_ERROR failed(GC_ERROR code, const char *words);
GC_ERROR failed_in_aravis(GC_ERROR code, GError *error);

/* Hand out a value the way GenTL asks for it: its type, and its size if no buffer is given. */
GC_ERROR give(const void *value, size_t size, int32_t type, int32_t *given_type, void *place, size_t *room);
GC_ERROR give_text(const char *text, int32_t *given_type, void *place, size_t *room);

#define GIVE(kind, type, value)                                                                                        \
    do {                                                                                                               \
        kind given_value = (value);                                                                                    \
        return give(&given_value, sizeof given_value, type, given_type, place, room);                                  \
    } while (0)

Device *device_of_remote(Module *remote);

#endif
