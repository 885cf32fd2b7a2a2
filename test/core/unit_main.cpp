// Catch2 2.13 wants its main in one translation unit of its own; Catch2 3 brings one along, and
// this file is then left out of the build.
#define CATCH_CONFIG_MAIN
#include "catch.hpp"
