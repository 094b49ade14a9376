#include "mod/testing.h"
TEST(nothing)
{
}
TEST_MAIN(T(nothing))
