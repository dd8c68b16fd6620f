/* wijk serve: the pages of one file in the browser of this machine. `--town` opens Merelwaard, the
 * gemeente that does not exist, and makes it on first use. */
#include "cli/cmd.h"

#include "wijk/forecast.h"
#include "wijk/plan.h"
#include "wijk/serve.h"
#include "wijk/str.h"
#include "wijk/text.h"
#include "wijk/town.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

/* The user's data folder (XDG Base Directory), made when absent; "" when there is none to write. */
static void data_folder(char *out, size_t room)
{
    const char *xdg = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    out[0] = 0;
    int size = xdg && *xdg == '/'     ? snprintf(out, room, "%s/wijk", xdg)
               : home && *home == '/' ? snprintf(out, room, "%s/.local/share/wijk", home)
                                      : -1;
    if (size < 0 || (size_t)size >= room) {
        out[0] = 0;
        return;
    }
    for (char *slash = strchr(out + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(out, 0755);
        *slash = '/';
    }
    if ((mkdir(out, 0755) && errno != EEXIST) || access(out, W_OK)) {
        out[0] = 0;
    }
}

static int town_path(char *out, size_t room)
{
    char folder[2048];
    data_folder(folder, sizeof folder);
    const char *temporary = getenv("TMPDIR");
    int size = *folder ? snprintf(out, room, "%s/merelwaard.wijk", folder)
                       : snprintf(out, room, "%s/merelwaard.wijk",
                                  temporary && *temporary ? temporary : "/tmp");
    if (size < 0 || (size_t)size >= room) {
        return wijk_fail(WIJK_EINVAL, "De naam van de gegevensmap is te lang.",
                         "The name of the data folder is too long.");
    }
    if (!access(out, F_OK)) {
        return WIJK_OK;
    }
    int rc = wijk_town_create(out, NULL);
    rc = rc ? rc : wijk_plan_examples(out);
    rc = rc ? rc : wijk_forecast_example(out, WIJK_TOWN_CODE);
    if (rc) { /* a town without its plans is half a town: made anew next time */
        unlink(out);
    }
    return rc;
}

static void open_browser(const char *address)
{
    if (!isatty(STDOUT_FILENO) || (!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY"))) {
        return;
    }
    char program[] = "xdg-open";
    char url[128];
    snprintf(url, sizeof url, "%s", address);
    char *argv[] = {program, url, NULL};
    pid_t child;
    posix_spawnp(&child, program, NULL, NULL, argv, environ);
}

/* Blocks the signals that end the server, before any thread exists, so that sigwait gets them. */
static void hold_signals(sigset_t *out)
{
    sigemptyset(out);
    sigaddset(out, SIGINT);
    sigaddset(out, SIGTERM);
    pthread_sigmask(SIG_BLOCK, out, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int cmd_serve(int argc, char **argv, wijk_lang lang)
{
    char town[4096];
    const char *path = cmd_positional(argc, argv, 0);
    path = path ? path : cmd_file(argc, argv);
    unsigned long long port = 8080;
    int rc = cmd_whole(&port, argc, argv, "port", 0, 65535);
    if (!rc && cmd_flag(argc, argv, "town")) {
        rc = town_path(town, sizeof town);
        path = town;
    }
    if (rc) {
        return rc;
    }
    wijk_serve_options options = {.path = path,
                                  .port = (int)port,
                                  .read_only = cmd_flag(argc, argv, "read-only"),
                                  .host = cmd_option(argc, argv, "host")};
    if (options.host && !options.read_only) {
        return wijk_fail(WIJK_EINVAL,
                         "--host hoort bij publiceren achter een proxy: geef ook --read-only.",
                         "--host is for publishing behind a proxy: give --read-only as well.");
    }
    sigset_t signals;
    hold_signals(&signals);
    wijk_server *server;
    rc = wijk_server_start(&server, &options);
    if (rc) {
        return rc;
    }
    char address[128];
    snprintf(address, sizeof address, "http://127.0.0.1:%d/%s", wijk_server_port(server),
             lang == WIJK_EN ? "en" : "");
    printf("%s %s\n%s\n", wijk_text(lang, T_WEB_SERVING), address,
           wijk_text(lang, T_WEB_SERVING_STOP));
    fflush(stdout);
    if (!cmd_flag(argc, argv, "no-browser")) {
        open_browser(address);
    }
    int caught;
    sigwait(&signals, &caught);
    wijk_server_stop(server);
    return WIJK_OK;
}
