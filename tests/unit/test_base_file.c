/* Files are whole or not there: a full disk, a folder nobody may write in and memory that runs out
 * leave the old file as it was and no half one beside it. /dev/full stands for a device that has no
 * room, a ceiling on the size of files (setrlimit) for a disk or a quota that is full half-way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/temp_file.h"
#include "wijk/err.h"
#include "wijk/file.h"
#include "wijk/mem.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char path[4096], part[4200];

static void stands(const char *bytes, size_t size)
{
    char got[64];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(got, 1, sizeof got, file), size);
    assert_memory_equal(got, bytes, size);
    fclose(file);
    assert_int_equal(access(part, F_OK), -1);
}

static void told(int rc, const char *name)
{
    assert_int_equal(rc, WIJK_EIO);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Cannot write"));
    assert_non_null(strstr(wijk_error(WIJK_NL), "niet schrijven"));
    assert_non_null(strstr(wijk_error(WIJK_EN), name));
    assert_non_null(strstr(wijk_error(WIJK_NL), name));
}

static void test_whole(void **state)
{
    (void)state;
    assert_int_equal(wijk_file_write(path, "een\0twee", 8), 0);
    stands("een\0twee", 8);
    assert_int_equal(wijk_file_write(path, "drie", 4), 0); /* replaces, and is shorter */
    stands("drie", 4);
    assert_int_equal(wijk_file_write(path, NULL, 0), 0);
    stands("", 0);
}

static void test_in_pieces(void **state)
{
    (void)state;
    wijk_file *file;
    assert_int_equal(wijk_file_write(path, "oud", 3), 0);
    assert_int_equal(wijk_file_create(&file, path), 0);
    assert_int_equal(wijk_file_add(file, "nieuw", 5), 0);
    FILE *old = fopen(path, "rb"); /* until the end the old one has the name */
    assert_non_null(old);
    assert_int_equal(fgetc(old), 'o');
    fclose(old);
    assert_int_equal(wijk_file_add(file, "er", 2), 0);
    assert_int_equal(wijk_file_finish(file, 0), 0);
    stands("nieuwer", 7);
    /* Work that failed elsewhere keeps its own code and publishes nothing. */
    assert_int_equal(wijk_file_create(&file, path), 0);
    assert_int_equal(wijk_file_add(file, "half", 4), 0);
    assert_int_equal(wijk_file_finish(file, WIJK_ECANCEL), WIJK_ECANCEL);
    stands("nieuwer", 7);
    assert_int_equal(wijk_file_finish(NULL, WIJK_EIO), WIJK_EIO);
}

static void test_full_disk(void **state)
{
    (void)state;
    struct rlimit was, small = {.rlim_cur = 1 << 16};
    static char bytes[1 << 17];
    assert_int_equal(wijk_file_write(path, "oud", 3), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    small.rlim_max = was.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int rc = wijk_file_write(path, bytes, sizeof bytes);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    told(rc, path);
    stands("oud", 3);
    /* A few bytes wait in the buffer and fail only at the end. */
    assert_int_equal(access("/dev/full", W_OK), 0);
    told(wijk_file_write("/dev/full", "vol", 3), "/dev/full");
    /* After the first failure nothing is written, and the failure is what is told. */
    wijk_file *file;
    assert_int_equal(wijk_file_create(&file, "/dev/full"), 0);
    assert_int_equal(wijk_file_add(file, bytes, sizeof bytes), WIJK_EIO);
    assert_int_equal(wijk_file_add(file, bytes, 1), WIJK_EIO);
    told(wijk_file_finish(file, 0), "/dev/full");
    /* A device is written itself: it is still there, and nothing stands beside it. */
    assert_int_equal(wijk_file_write("/dev/null", "weg", 3), 0);
    struct stat info;
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
    assert_int_equal(access("/dev/null.part", F_OK), -1);
}

static void test_nowhere_to_write(void **state)
{
    (void)state;
    wijk_file *file;
    char folder[4096], inside[4200];
    temp_path(folder, sizeof folder, "closed");
    snprintf(inside, sizeof inside, "%s/none/file", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    told(wijk_file_create(&file, inside), inside);
    assert_null(file);
    told(wijk_file_write(folder, "x", 1), folder); /* a folder is no file */
    assert_int_equal(chmod(folder, 0500), 0);
    snprintf(inside, sizeof inside, "%s/file", folder);
    int root = geteuid() == 0; /* root may write anywhere: try as nobody */
    assert_int_equal(root ? seteuid(65534) : 0, 0);
    int rc = wijk_file_write(inside, "x", 1);
    assert_int_equal(root ? seteuid(0) : 0, 0);
    told(rc, inside);
    assert_int_equal(rmdir(folder), 0); /* empty: nothing was left in it */
}

static void test_no_memory(void **state)
{
    (void)state;
    int rc = WIJK_ENOMEM;
    long n = 0;
    assert_int_equal(wijk_file_write(path, "oud", 3), 0);
    while (rc) {
        wijk_alloc_fail_at(++n, 0);
        rc = wijk_file_write(path, "nieuw", 5);
        wijk_alloc_fail_at(0, 0);
        if (rc) {
            assert_int_equal(rc, WIJK_ENOMEM);
            stands("oud", 3);
        }
    }
    assert_true(n > 3); /* the file, its name, the name of its part, the folder */
    stands("nieuw", 5);
}

int main(void)
{
    temp_path(path, sizeof path, "file");
    snprintf(part, sizeof part, "%s.part", path);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),     cmocka_unit_test(test_in_pieces),
        cmocka_unit_test(test_full_disk), cmocka_unit_test(test_nowhere_to_write),
        cmocka_unit_test(test_no_memory),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    temp_remove(path);
    return rc;
}
