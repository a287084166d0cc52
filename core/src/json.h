#include "sfluv/json.h"  // moved
