/* wijk/exact.h: the exponential and the logarithm with the same bits on every machine.
 *
 * The C library may round these differently from one release to the next, and then a simulation
 * started from the same seed would drift. Only additions, multiplications and divisions here, which
 * IEEE 754 fixes. Within 1 ulp of the true value or a little more. */
#ifndef WIJK_EXACT_H
#define WIJK_EXACT_H

/* e to the x; 0 below -708, infinity above 709. NAN gives NAN. O(1). */
double wijk_exact_exp(double x);
/* Natural logarithm; -infinity at 0, NAN below 0 and for NAN. O(1). */
double wijk_exact_log(double x);

#endif
