/* Chooses the screen for this processor. The same source is compiled for three widths; integers
 * make them agree to the bit, which a test checks block by block. */
#include "foresee/screen.h"

#define SCREEN(name) name##_4
#define SCREEN_TARGET
#include "foresee/screen.inc"
#undef SCREEN
#undef SCREEN_TARGET

#if defined(__x86_64__)
#define SCREEN(name)  name##_8
#define SCREEN_TARGET __attribute__((target("avx2")))
#include "foresee/screen.inc"
#undef SCREEN
#undef SCREEN_TARGET

#define SCREEN(name)  name##_16
#define SCREEN_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2")))
#include "foresee/screen.inc"
#undef SCREEN
#undef SCREEN_TARGET
#endif

foresee_screen_fn *foresee_screen_width(int width)
{
#if defined(__x86_64__)
    if (width == 16) {
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
                   ? screen_16
                   : NULL;
    }
    if (width == 8) {
        return __builtin_cpu_supports("avx2") ? screen_8 : NULL;
    }
#endif
    return width == 4 ? screen_4 : NULL;
}

foresee_screen_fn *foresee_screen_best(void)
{
    for (int width = 16; width > 4; width /= 2) {
        if (foresee_screen_width(width) != NULL) {
            return foresee_screen_width(width);
        }
    }
    return screen_4;
}
