// Types only: the library itself is loaded when the first matrix product needs it (its start-up costs milliseconds).
#pragma once
#include <cblas.h>
