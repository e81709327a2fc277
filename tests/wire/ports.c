/* Ports: registers of the camera, and a small description of every module, without which no node map can be made. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "wire.h"

#define XML_ADDRESS 0x7000000000000000ULL
#define MOST_BYTES_AT_ONCE 512

static const char *const NAMES[] = {"TLPort", "InterfacePort", "DevicePort", "StreamPort", "Device"};
static const char *const MODULES[] = {"TLSystem", "TLInterface", "TLDevice", "TLDataStream", "Device"};

static const char *const DESCRIPTION =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    "<RegisterDescription ModelName=\"Wire\" VendorName=\"Lineside\" ToolTip=\"\" StandardNameSpace=\"None\" "
    "SchemaMajorVersion=\"1\" SchemaMinorVersion=\"1\" SchemaSubMinorVersion=\"0\" MajorVersion=\"1\" "
    "MinorVersion=\"0\" SubMinorVersion=\"0\" ProductGuid=\"1F6A3B52-7C11-4E0D-9D53-6B1C2E0A4F1%d\" "
    "VersionGuid=\"8E2C7D90-15AB-4F77-B0C6-3A9D5E8F721%d\" xmlns=\"http://www.genicam.org/GenApi/Version_1_1\" "
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://www.genicam.org/GenApi/"
    "Version_1_1 http://www.genicam.org/GenApi/GenApiSchema_Version_1_1.xsd\">"
    "<Category Name=\"Root\" NameSpace=\"Standard\"></Category><Port Name=\"%s\"></Port></RegisterDescription>";

Device *device_of_remote(Module *remote)
{
    return remote->kind == REMOTE_MODULE ? (Device *)((char *)remote - offsetof(Device, remote)) : NULL;
}

static const char *description(Module *module, size_t *size)
{
    static char texts[REMOTE_MODULE][2048];
    Device *device = device_of_remote(module);
    if (device != NULL) {
        *size = device->xml_size;
        return device->xml;
    }
    char *text = texts[module->kind];
    *size = snprintf(text, sizeof texts[0], DESCRIPTION, module->kind, module->kind, NAMES[module->kind]);
    return text;
}

static GC_ERROR read_description(Module *module, uint64_t offset, void *place, size_t *count)
{
    size_t size;
    const char *text = description(module, &size);
    if (offset >= size)
        return failed(GC_ERR_INVALID_ADDRESS, "behind the end of the description");
    *count = MIN(*count, size - offset);
    memcpy(place, text + offset, *count);
    return GC_ERR_SUCCESS;
}

static GC_ERROR usable_device(Module *module, Device **device)
{
    *device = device_of_remote(module);
    if (*device == NULL)
        return failed(GC_ERR_NOT_IMPLEMENTED, "this module has no registers");
    return (*device)->lost ? failed(GC_ERR_IO, "the camera is lost") : GC_ERR_SUCCESS;
}

/* Read four bytes as a register: the fake camera accepts only register reads as a heartbeat. */
static bool read_from(Device *device, uint64_t address, size_t size, char *place, GError **error)
{
    guint32 value;
    if (size != sizeof value)
        return arv_device_read_memory(device->aravis, address, size, place, error);
    if (!arv_device_read_register(device->aravis, address, &value, error))
        return false;
    value = htonl(value);
    memcpy(place, &value, sizeof value);
    return true;
}

GC_API GCReadPort(Handle handle, uint64_t address, void *place, size_t *count)
{
    Device *device;
    GError *error = NULL;
    if (address >= XML_ADDRESS)
        return read_description(handle, address - XML_ADDRESS, place, count);
    GC_ERROR code = usable_device(handle, &device);
    for (size_t done = 0; code == GC_ERR_SUCCESS && done < *count; done += MOST_BYTES_AT_ONCE) {
        size_t size = MIN(*count - done, MOST_BYTES_AT_ONCE);
        if (!read_from(device, address + done, size, (char *)place + done, &error))
            code = failed_in_aravis(GC_ERR_IO, error);
    }
    return code;
}

GC_API GCWritePort(Handle handle, uint64_t address, const void *value, size_t *count)
{
    Device *device;
    GError *error = NULL;
    GC_ERROR code = usable_device(handle, &device);
    if (code != GC_ERR_SUCCESS)
        return code;
    if (!arv_device_write_memory(device->aravis, address, *count, (void *)value, &error))
        return failed_in_aravis(GC_ERR_IO, error);
    return GC_ERR_SUCCESS;
}

typedef struct {
    uint64_t address;
    void *place;
    size_t size;
} Register;

GC_API GCReadPortStacked(Handle handle, Register *registers, size_t *count)
{
    for (size_t i = 0; i < *count; i++) {
        GC_ERROR code = GCReadPort(handle, registers[i].address, registers[i].place, &registers[i].size);
        if (code != GC_ERR_SUCCESS) {
            *count = i;
            return code;
        }
    }
    return GC_ERR_SUCCESS;
}

GC_API GCWritePortStacked(Handle handle, Register *registers, size_t *count)
{
    for (size_t i = 0; i < *count; i++) {
        GC_ERROR code = GCWritePort(handle, registers[i].address, registers[i].place, &registers[i].size);
        if (code != GC_ERR_SUCCESS) {
            *count = i;
            return code;
        }
    }
    return GC_ERR_SUCCESS;
}

GC_API GCGetNumPortURLs(Handle handle, uint32_t *count)
{
    if (handle == NULL) /* Harvester asks a device before it opens it */
        return failed(GC_ERR_INVALID_HANDLE, "not open");
    *count = 1;
    return GC_ERR_SUCCESS;
}

GC_API GCGetPortURLInfo(Handle handle, uint32_t index, int32_t what, int32_t *given_type, void *place, size_t *room)
{
    Module *module = handle;
    char url[128];
    size_t size;
    if (index != 0)
        return failed(GC_ERR_INVALID_INDEX, "every module has one description");
    description(module, &size);
    snprintf(url, sizeof url, "Local:wire%d.xml;%llX;%zX", module->kind, XML_ADDRESS, size);
    switch (what) {
    case URL_URL: return give_text(url, given_type, place, room);
    case URL_SCHEMA_MAJOR:
    case URL_SCHEMA_MINOR: GIVE(int32_t, INFO_INT32, 1);
    case URL_ADDRESS: GIVE(uint64_t, INFO_UINT64, XML_ADDRESS);
    case URL_SIZE: GIVE(uint64_t, INFO_UINT64, size);
    case URL_SCHEME: GIVE(int32_t, INFO_INT32, 0);
    case URL_FILENAME: return give_text("wire.xml", given_type, place, room);
    }
    return failed(GC_ERR_NOT_AVAILABLE, "no information about a description");
}

GC_API GCGetPortURL(Handle handle, char *url, size_t *room)
{
    int32_t type;
    return GCGetPortURLInfo(handle, 0, URL_URL, &type, url, room);
}

GC_API GCGetPortInfo(Handle handle, int32_t what, int32_t *given_type, void *place, size_t *room)
{
    Module *module = handle;
    bool remote = module->kind == REMOTE_MODULE;
    switch (what) {
    case PORT_ID:
    case PORT_NAME: return give_text(NAMES[module->kind], given_type, place, room);
    case PORT_VENDOR: return give_text("Lineside", given_type, place, room);
    case PORT_MODEL: return give_text("Wire", given_type, place, room);
    case PORT_TLTYPE: return give_text("GEV", given_type, place, room);
    case PORT_MODULE: return give_text(MODULES[module->kind], given_type, place, room);
    case PORT_LITTLE_ENDIAN: GIVE(bool8_t, INFO_BOOL8, !remote);
    case PORT_BIG_ENDIAN: GIVE(bool8_t, INFO_BOOL8, remote);
    case PORT_READ:
    case PORT_WRITE: GIVE(bool8_t, INFO_BOOL8, 1);
    case PORT_NOT_AVAILABLE:
    case PORT_NOT_IMPLEMENTED: GIVE(bool8_t, INFO_BOOL8, 0);
    case PORT_VERSION: return give_text("1.0", given_type, place, room);
    }
    return failed(GC_ERR_NOT_IMPLEMENTED, "no information about a port");
}
