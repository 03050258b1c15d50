/* Has no summary. */
#define SUMMARY NULL
#include "plugin.h"
