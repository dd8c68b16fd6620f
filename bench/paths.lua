-- wrk: asks for the paths of the file $PATHS in random order and prints
-- "REQUESTS_PER_SECOND MEDIAN_MS P99_MS ERRORS BYTES_PER_ANSWER". Every thread has its own order; the seed is fixed.
-- With $BEFORE every line is a text that goes, encoded, behind it: "/api/v1/search?q=".
local paths, before = {}, os.getenv("BEFORE")
for line in io.lines(os.getenv("PATHS")) do
    if before then
        line = before .. line:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end)
    end
    paths[#paths + 1] = line
end
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("seed", threads)
end

function init()
    math.randomseed(seed)
    wrk.headers["Accept-Encoding"] = "gzip"
end

function request()
    return wrk.format("GET", paths[math.random(#paths)])
end

function done(summary, latency)
    local e = summary.errors
    io.write(string.format("%.0f %.2f %.2f %d %.0f\n", summary.requests / (summary.duration / 1e6),
        latency:percentile(50) / 1000, latency:percentile(99) / 1000,
        e.connect + e.read + e.write + e.status + e.timeout, summary.bytes / summary.requests))
end
