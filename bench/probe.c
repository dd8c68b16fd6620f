/* Two measurements that a shell cannot make well.
 *
 *   bench_probe run COMMAND…          "SECONDS PEAK_MIB EXIT": wall time and peak resident memory
 *   bench_probe start PORT COMMAND…   "MILLISECONDS": from starting a server to its first answer;
 *                                     the server is ended again
 *
 * What the command prints goes to stderr. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static pid_t spawn(char **argv)
{
    pid_t child = fork();
    if (child == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execvp(argv[0], argv);
        perror(argv[0]);
        _exit(127);
    }
    return child;
}

static int run(char **argv)
{
    double began = now();
    pid_t child = spawn(argv);
    int status = 0;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        perror("wait4");
        return 1;
    }
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    printf("%.2f %.0f %d\n", now() - began, (double)usage.ru_maxrss / 1024, code);
    return 0;
}

/* 1 once the server on this port has answered with a status line. */
static int answers(int port)
{
    static const char question[] = "GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    char answer[12] = "";
    int ok = s >= 0 && !connect(s, (struct sockaddr *)&to, sizeof to) &&
             write(s, question, sizeof question - 1) > 0 &&
             recv(s, answer, sizeof answer, MSG_WAITALL) == (ssize_t)sizeof answer &&
             !memcmp(answer, "HTTP/1.", 7) && !memcmp(answer + 8, " 200", 4);
    if (s >= 0) {
        close(s);
    }
    return ok;
}

static int start(int port, char **argv)
{
    double began = now();
    pid_t child = spawn(argv);
    int found = 0;
    while (child > 0 && now() - began < 20 && !(found = answers(port))) {
        usleep(1000);
    }
    double took = now() - began;
    if (child > 0) {
        kill(child, SIGTERM);
        waitpid(child, NULL, 0);
    }
    if (!found) {
        fprintf(stderr, "no answer on port %d\n", port);
        return 1;
    }
    printf("%.0f\n", took * 1000);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 2 && !strcmp(argv[1], "run")) {
        return run(argv + 2);
    }
    if (argc > 3 && !strcmp(argv[1], "start")) {
        return start(atoi(argv[2]), argv + 3);
    }
    fprintf(stderr, "usage: bench_probe run COMMAND… | start PORT COMMAND…\n");
    return 2;
}
