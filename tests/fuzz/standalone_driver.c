/* Replays a fuzz corpus without libFuzzer: every file of every folder named on the command line
 * goes once through LLVMFuzzerTestOneInput. The idea is libgit2's: a crash once found is a
 * regression test in every ordinary test run. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return -1;
    }
    uint8_t *data = malloc(1 << 20);
    size_t size = data ? fread(data, 1, 1 << 20, file) : 0;
    fclose(file);
    if (data) {
        /* An exact-size copy lets ASan see a read one byte past the input. */
        uint8_t *exact = malloc(size ? size : 1);
        for (size_t i = 0; exact && i < size; i++) {
            exact[i] = data[i];
        }
        LLVMFuzzerTestOneInput(exact, size);
        free(exact);
    }
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    int files = 0;
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        for (struct dirent *entry; dir && (entry = readdir(dir));) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            if (entry->d_name[0] != '.' && replay(path) == 0) {
                files++;
            }
        }
        if (dir) {
            closedir(dir);
        }
    }
    printf("%d inputs replayed\n", files);
    return files > 0 ? 0 : 1;
}
