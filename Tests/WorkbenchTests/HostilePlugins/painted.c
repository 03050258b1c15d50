/* Says of itself what would clear and paint a terminal. */
#define SUMMARY "\x1b[2J\x1b[31mred\rover\b\x07."
#include "plugin.h"
