/* wijk/limits.h: every ceiling of the house in one list. A boundary without a ceiling is a bug. */
#ifndef WIJK_LIMITS_H
#define WIJK_LIMITS_H

#define WIJK_MAX_TEXT        (16u << 20) /* bytes in one growing text: a page, a figure, an API answer */
#define WIJK_MAX_FILE        (2ull << 30) /* bytes of one input file after decompression */
#define WIJK_MAX_RATIO       1000u /* decompressed : compressed beyond which a file is a bomb */
#define WIJK_MAX_CELL        (1u << 20)   /* bytes in one CSV cell (a WKT polygon is the largest) */
#define WIJK_MAX_COLUMNS     1024u        /* columns in one table */
#define WIJK_MAX_ROWS        20000000u    /* rows in one table */
#define WIJK_MAX_POINTS      2000000u     /* points in one polygon */
#define WIJK_MAX_METRES      2.0e7        /* size of a coordinate: half round the earth */
#define WIJK_MAX_DEPTH       64u          /* nesting of JSON or XML */
#define WIJK_MAX_AREAS       2000000u     /* areas in one file */
#define WIJK_MAX_OWN_MEMBERS 2000u        /* areas in one own area */
#define WIJK_MAX_FORESEE     (4ull << 30) /* bytes of one run of the model */
#define WIJK_MAX_SCENARIO    10000u       /* lines of a scenario */
#define WIJK_MAX_CHANGES     (1u << 20)   /* changes that a scenario comes to on a population */
#define WIJK_MAX_FORECASTS   200u         /* forecasts kept in one file */
#define WIJK_MAX_FORECAST    (2ull << 30) /* bytes of memory that computing one may take */
#define WIJK_MAX_KEPT_PARTS  (1ull << 30) /* bytes that all of them take in the file */
#define WIJK_MAX_STUDY       (64u << 20)  /* bytes of the text of one question about a forecast */
#define WIJK_MAX_ARENA       (512u << 20) /* bytes of one arena */
#define WIJK_MAX_KEPT        (32u << 20)  /* bytes of decoded rows that a server keeps */
#define WIJK_MAX_PAGE_PARTS  64           /* parts of pages that a server keeps */
#define WIJK_MAX_PAGE_BYTES  (8u << 20)   /* and their bytes together */
#define WIJK_MAX_QUERY       256u         /* bytes of a search text */
#define WIJK_MAX_BODY        (64u << 10)  /* bytes of a request body */
#define WIJK_MAX_API_ROWS    20000u       /* rows in one API answer; more is paged */
#define WIJK_MAX_THREADS     64u          /* threads of one loop */
#define WIJK_MAX_REPLICATES  100000u      /* tables drawn for one figure */
#define WIJK_MAX_PEOPLE      (1u << 26)   /* people in a table that is drawn again */
#define WIJK_MAX_FIGURES     (1u << 23)   /* figures times tables drawn: 64 MB */

#endif
