/* Cameras found by asking known addresses, answered in milliseconds where a broadcast would wait a second. */
#ifndef LINESIDE_DISCOVERY_H
#define LINESIDE_DISCOVERY_H

#include <stdbool.h>

#define MOST_CAMERAS 8

typedef struct {
    char address[64];
    char vendor[33];
    char model[33];
    char version[33];
    char serial[17];
    char user_name[17];
    bool held; /* A host has control of it. */
} Found;

/* Ask every address in the variable LINESIDE_WIRE (separated by commas; 127.0.0.1 without it). Returns how many
 * answered. */
int find_cameras(Found found[MOST_CAMERAS]);

#endif
