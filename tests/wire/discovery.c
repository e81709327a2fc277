/* GigE Vision Control Protocol, as much as it takes to ask a camera who it is and whether it is held. */
#include "discovery.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GVCP_PORT 3956
#define PATIENCE_US 100000
#define HEADER 8

enum { DISCOVERY = 0x0002, READ_MEMORY = 0x0084 };
enum { CONTROL_CHANNEL_PRIVILEGE = 0x0A00 };
enum { AT_VENDOR = 0x48, AT_MODEL = 0x68, AT_VERSION = 0x88, AT_SERIAL = 0xD8, AT_USER_NAME = 0xE8, DISCOVERY_SIZE = 0xF8 };

static int open_socket(const char *address)
{
    struct sockaddr_in camera = {.sin_family = AF_INET, .sin_port = htons(GVCP_PORT)};
    struct timeval patience = {.tv_usec = PATIENCE_US};
    int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (udp < 0)
        return -1;
    setsockopt(udp, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (inet_pton(AF_INET, address, &camera.sin_addr) == 1 &&
        connect(udp, (struct sockaddr *)&camera, sizeof camera) == 0)
        return udp;
    close(udp);
    return -1;
}

/* Send one command and return the bytes of its answer behind the header, negative if there is none. */
static ssize_t ask(int udp, uint16_t command, const void *data, uint16_t size, uint8_t *answer, size_t room)
{
    uint8_t packet[HEADER + DISCOVERY_SIZE + 64] = {0x42, 0x01, command >> 8, command & 0xff, size >> 8, size & 0xff, 0, 1};
    memcpy(packet + HEADER, data, size);
    if (send(udp, packet, HEADER + size, 0) < 0)
        return -1;
    ssize_t got = recv(udp, packet, sizeof packet, 0) - HEADER;
    if (got < 0 || (size_t)got > room)
        return -1;
    memcpy(answer, packet + HEADER, got);
    return got;
}

static void copy_text(char *to, const uint8_t *answer, int at, int size)
{
    memcpy(to, answer + at, size);
    to[size] = '\0';
}

/* Read as memory: the fake camera takes every reading of this register as a sign of life of the one who holds it. */
static bool is_held(int udp)
{
    uint32_t question[2] = {htonl(CONTROL_CHANNEL_PRIVILEGE), htonl(sizeof(uint32_t))};
    uint32_t answer[2] = {0, 0};
    ask(udp, READ_MEMORY, question, sizeof question, (uint8_t *)answer, sizeof answer);
    return answer[1] != 0;
}

static bool find_camera(const char *address, Found *found)
{
    uint8_t answer[DISCOVERY_SIZE];
    int udp = open_socket(address);
    if (udp < 0)
        return false;
    bool answered = ask(udp, DISCOVERY, "", 0, answer, sizeof answer) == DISCOVERY_SIZE;
    if (answered) {
        snprintf(found->address, sizeof found->address, "%s", address);
        copy_text(found->vendor, answer, AT_VENDOR, 32);
        copy_text(found->model, answer, AT_MODEL, 32);
        copy_text(found->version, answer, AT_VERSION, 32);
        copy_text(found->serial, answer, AT_SERIAL, 16);
        copy_text(found->user_name, answer, AT_USER_NAME, 16);
        found->held = is_held(udp);
    }
    close(udp);
    return answered;
}

int find_cameras(Found found[MOST_CAMERAS])
{
    const char *wanted = getenv("LINESIDE_WIRE");
    char addresses[1024], *rest = addresses, *address;
    int count = 0;
    snprintf(addresses, sizeof addresses, "%s", wanted ? wanted : "127.0.0.1");
    while (count < MOST_CAMERAS && (address = strsep(&rest, ",")) != NULL)
        count += find_camera(address, &found[count]);
    return count;
}
