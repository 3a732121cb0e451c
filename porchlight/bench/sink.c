/* A gateway that takes every message, for benchmarks: HTTP/1.1 on loopback, one thread, epoll.
 * Asked later (GET /messages/REFERENCE) it tells whether it took one.
 *
 * sink EXPECTED SECONDS
 *
 * Prints the port it listens on, then "all" once EXPECTED requests were answered. When its standard
 * input closes, or nothing came for SECONDS, it prints a line a request and stops:
 * nanoseconds of the monotonic clock when it was read whole, and the first telephone number in it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_LINES = 1024, MOST_BYTES = 32768, MOST_EVENTS = 256, MOST_STAMPS = 4000000 };
enum { SLOTS = 1 << 23 }; /* for references; more than twice as many as stamps */

struct line {
    int handle;
    size_t filled;
    char bytes[MOST_BYTES];
};
struct stamp {
    uint64_t at;
    uint64_t number;
};

static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                             "Content-Length: 29\r\n\r\n{\"id\":\"kept\",\"status\":\"sent\"}";
static const char UNKNOWN[] = "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n"
                              "Content-Length: 2\r\n\r\n{}";
static struct stamp *stamps;
static uint64_t *references; /* by open addressing; our references are numbers, 0 is none */
static size_t stamped, expected, open_lines;

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void give_up(const char *what) {
    perror(what);
    exit(1);
}

/* The digits behind the first plus sign, also where it is written %2B. */
static uint64_t number_in(const char *from, const char *end) {
    for (const char *at = from; at < end; at++) {
        const char *digit = *at == '+' ? at + 1 : NULL;
        if (!digit && end - at > 3 && strncasecmp(at, "%2B", 3) == 0) digit = at + 3;
        if (!digit || digit >= end || *digit < '0' || *digit > '9') continue;
        uint64_t number = 0;
        while (digit < end && *digit >= '0' && *digit <= '9') number = number * 10 + (uint64_t)(*digit++ - '0');
        return number;
    }
    return 0;
}

static uint64_t digits(const char *from, const char *end) {
    uint64_t number = 0;
    while (from < end && *from >= '0' && *from <= '9') number = number * 10 + (uint64_t)(*from++ - '0');
    return number;
}

static uint64_t *slot_of(uint64_t reference) {
    size_t at = (size_t)(reference * 0x9E3779B97F4A7C15u) % SLOTS;
    while (references[at] && references[at] != reference) at = (at + 1) % SLOTS;
    return &references[at];
}

/* The number behind "reference": " in a body of JSON; 0 where there is none. */
static uint64_t reference_in(const char *from, const char *end) {
    static const char NAME[] = "\"reference\": \"";
    const char *found = memmem(from, (size_t)(end - from), NAME, sizeof NAME - 1);
    return found ? digits(found + sizeof NAME - 1, end) : 0;
}

/* The number at the end of the path of a question; 0 where this is none. */
static uint64_t asked_about(const char *head, const char *end) {
    static const char START[] = "GET /messages/";
    if ((size_t)(end - head) < sizeof START || memcmp(head, START, sizeof START - 1) != 0) return 0;
    return digits(head + sizeof START - 1, end);
}

static int say(const struct line *line, const char *words, size_t length) {
    return send(line->handle, words, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static size_t length_of_body(const char *head, const char *end) {
    static const char NAME[] = "content-length:";
    for (const char *at = head; at < end;) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        if (!next) break;
        if ((size_t)(next - at) > sizeof NAME && strncasecmp(at, NAME, sizeof NAME - 1) == 0)
            return (size_t)strtoull(at + sizeof NAME - 1, NULL, 10);
        at = next + 1;
    }
    return 0;
}

/* Answers what was read whole; 0 when the line must be closed. */
static int answer(struct line *line) {
    for (;;) {
        char *head_end = memmem(line->bytes, line->filled, "\r\n\r\n", 4);
        if (!head_end) return line->filled < MOST_BYTES;
        size_t head = (size_t)(head_end - line->bytes) + 4;
        size_t whole = head + length_of_body(line->bytes, head_end + 2);
        if (whole > MOST_BYTES) return 0;
        if (line->filled < whole) return 1;
        uint64_t asked = asked_about(line->bytes, head_end);
        if (asked) {
            int known = *slot_of(asked) == asked;
            if (!say(line, known ? ANSWER : UNKNOWN, (known ? sizeof ANSWER : sizeof UNKNOWN) - 1)) return 0;
        } else {
            uint64_t reference = reference_in(line->bytes + head, line->bytes + whole);
            if (stamped < MOST_STAMPS) {
                stamps[stamped++] = (struct stamp){now(), number_in(line->bytes + head, line->bytes + whole)};
                if (reference) *slot_of(reference) = reference;
            }
            if (!say(line, ANSWER, sizeof ANSWER - 1)) return 0;
            if (stamped == expected) puts("all"), fflush(stdout);
        }
        memmove(line->bytes, line->bytes + whole, line->filled - whole);
        line->filled -= whole;
    }
}

static int take(struct line *line) {
    ssize_t got = recv(line->handle, line->bytes + line->filled, MOST_BYTES - line->filled, 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return 0;
    line->filled += (size_t)got;
    return answer(line);
}

static int listening(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (door < 0 || bind(door, (struct sockaddr *)&place, size) || listen(door, 512)) give_up("listen");
    if (getsockname(door, (struct sockaddr *)&place, &size)) give_up("getsockname");
    printf("%d\n", ntohs(place.sin_port));
    fflush(stdout);
    return door;
}

static void greet(int door, int events) {
    int handle, yes = 1;
    while ((handle = accept4(door, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct line *line = open_lines < MOST_LINES ? calloc(1, sizeof *line) : NULL;
        if (!line) {
            close(handle);
            continue;
        }
        open_lines++;
        line->handle = handle;
        setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = line};
        if (epoll_ctl(events, EPOLL_CTL_ADD, handle, &event)) give_up("epoll_ctl");
    }
}

int main(int count, char **words) {
    if (count != 3) return fputs("usage: sink EXPECTED SECONDS\n", stderr), 2;
    expected = strtoull(words[1], NULL, 10);
    int patience = atoi(words[2]) * 1000;
    stamps = malloc(MOST_STAMPS * sizeof *stamps);
    references = calloc(SLOTS, sizeof *references);
    if (!stamps || !references) give_up("malloc");
    int door = listening(), events = epoll_create1(EPOLL_CLOEXEC);
    static char at_door, at_input;
    struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = &at_door}, ready[MOST_EVENTS];
    if (epoll_ctl(events, EPOLL_CTL_ADD, door, &wanted)) give_up("epoll_ctl");
    wanted.data.ptr = &at_input; /* it says nothing; it closes when whoever started us is gone */
    if (epoll_ctl(events, EPOLL_CTL_ADD, STDIN_FILENO, &wanted)) give_up("epoll_ctl");
    for (int stops = 0; !stops;) {
        int found = epoll_wait(events, ready, MOST_EVENTS, patience);
        if (found == 0 || (found < 0 && errno != EINTR)) break;
        for (int one = 0; one < found; one++) {
            void *what = ready[one].data.ptr;
            if (what == &at_input) {
                stops = 1;
            } else if (what == &at_door) {
                greet(door, events);
            } else if (!take(what)) {
                close(((struct line *)what)->handle);
                free(what);
                open_lines--;
            }
        }
    }
    for (size_t one = 0; one < stamped; one++)
        printf("%llu %llu\n", (unsigned long long)stamps[one].at, (unsigned long long)stamps[one].number);
    return 0;
}
