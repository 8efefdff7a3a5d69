package org.yifang.platform;

import java.time.Duration;

/// Every limit of the service in one place, each with its reason.
public final class Limits {
    /// The largest request body, in bytes: the contract's 1 MiB; a prescription takes about 10 KiB.
    public static final int BODY_BYTES = 1024 * 1024;

    /// The most a streamed import may carry, in bytes: 100,000 offers take about 10 MiB.
    public static final long IMPORT_BYTES = 256L * 1024 * 1024;

    /// The most that a catalogue may carry, in bytes: 50,000 drugs; a larger one comes in parts,
    /// for drugs that a file does not name stay as they are.
    public static final int CATALOGUE_BYTES = 8 * 1024 * 1024;

    /// Large files that are taken in at once, each on the disk meanwhile.
    public static final int IMPORTS_AT_ONCE = 4;

    /// Those of one client.
    public static final int IMPORTS_AT_ONCE_PER_CLIENT = 2;

    /// What is read and thrown away of a body that nobody wants, so that its sender comes to read
    /// the answer, in bytes: half a prescription on a slow line; whoever sends more is cut off.
    public static final int DRAINED_BYTES = 64 * 1024;

    /// The same of somebody known: a client's library often reads no answer before it has sent all.
    public static final int DRAINED_BYTES_KNOWN = 32 * 1024 * 1024;

    /// Bytes of all bodies held at once: a fifth of the smallest heap that the service runs with.
    public static final int BODIES_BYTES = 32 * 1024 * 1024;

    /// Requests sent on one connection before the first of them has its turn: more than any client
    /// sends that waits for its answers.
    public static final int PIPELINED_REQUESTS = 100;

    /// Bytes of answers that their callers have not taken yet, in all; then whoever leaves most
    /// lying here is cut off, and what it reads at once over HTTP/2 is taken back: a sixth of the
    /// smallest heap that the service runs with.
    public static final int ANSWERS_BYTES = 32 * 1024 * 1024;

    /// The same of one connection; who asks for more before it has read that much is cut off: a few
    /// pages of a search.
    public static final int ANSWERS_BYTES_PER_CONNECTION = 4 * 1024 * 1024;

    /// How long the head of a request may take from its first byte, or from the connection's start.
    public static final Duration HEAD = Duration.ofSeconds(10);

    /// How long a body, and the taking of an answer, may take beside what [#BODY_BYTES_PER_SECOND]
    /// gives it.
    public static final Duration BODY_GRACE = Duration.ofSeconds(10);

    /// The slowest that a body may come, and an answer be taken: a telephone line of the nineties.
    public static final int BODY_BYTES_PER_SECOND = 4 * 1024;

    /// Connections of all callers: some 10 KiB of memory each.
    public static final int CONNECTIONS = 4_096;

    /// Connections of one address that is no trusted proxy: a county's hospital behind one of them.
    public static final int CONNECTIONS_PER_ADDRESS = 512;

    /// Bodies under way of callers not known yet, in all: tokens are asked for in one packet.
    public static final int OPEN_BODIES = 256;

    /// Bodies under way of callers not known yet, of one address.
    public static final int OPEN_BODIES_PER_ADDRESS = 32;

    /// Requests a second of one address without a token, in the long run: pages of a hospital's
    /// whole staff.
    public static final int ADDRESS_REQUESTS_PER_SECOND = 200;

    /// Requests without a token that one address may send at once beyond that.
    public static final int ADDRESS_BURST = 1_000;

    /// Tokens a second that one client with the right secret gets where its address has had its
    /// share: a token for each doctor of a county every quarter of an hour takes fewer.
    public static final int TOKENS_PER_SECOND = 50;

    /// Tokens that such a client may ask for at once beyond that.
    public static final int TOKENS_BURST = 500;

    /// The longest form with an assertion that is read where its address has had its share, in
    /// bytes: RS384 with all claims takes two thousand.
    public static final int ASSERTION_BYTES = 8 * 1024;

    /// Such forms that are read at once, of all addresses.
    public static final int ASSERTIONS_AT_ONCE = 256;

    /// How long such a form may take to come: one packet.
    public static final Duration ASSERTION_WAIT = Duration.ofSeconds(2);

    /// Addresses whose rate is remembered: 100 bytes each; who falls out begins anew.
    public static final int ADDRESSES_REMEMBERED = 20_000;

    /// Values in one body of JSON, or tags in one of XML: each takes some 200 bytes once it is
    /// read; a full batch of queue events has 50,000.
    public static final int VALUES = 100_000;

    /// Names in one object: FHIR's largest type has some 120 with all their extensions.
    public static final int NAMES = 1_000;

    /// Entries of a Bundle that are judged: a prescription has some twenty.
    public static final int ENTRIES_JUDGED = 60;

    /// Items of any other list that are judged.
    public static final int ITEMS_JUDGED = 200;

    /// Values of one document that is judged: twenty times a prescription.
    public static final int VALUES_JUDGED = 20_000;

    /// Processor time that judging one document may take: two hundred times the usual.
    public static final Duration JUDGING = Duration.ofSeconds(2);

    /// Tags in one narrative; reading it takes time with more than their number.
    public static final int NARRATIVE_TAGS = 2_000;

    /// Characters of a value that an answer repeats.
    public static final int REPEATED = 500;

    /// Findings that one answer tells: a sender mends the first and comes again.
    public static final int FINDINGS = 200;

    /// Documents of all clients that wait to be judged: at 6 ms each and 2 cores, a full queue is
    /// 1.5 seconds of work, well below what clients wait.
    public static final int DOCUMENTS_WAITING = 512;

    /// Documents of one client that wait to be judged.
    public static final int DOCUMENTS_WAITING_PER_CLIENT = 256;

    /// Bodies of all clients that wait to be read on a thread of their own, being large.
    public static final int READING_WAITING = 128;

    /// Bodies of one client that wait to be read.
    public static final int READING_WAITING_PER_CLIENT = 32;

    /// Searches of one client that wait while as many of it as half of the database's connections
    /// are answered, so that the other half is for everybody else.
    public static final int SEARCHES_WAITING_PER_CLIENT = 256;

    /// Values of one search parameter, any of which may match.
    public static final int OR_VALUES = 50;

    /// Values of all parameters of a search, those of chains and of identifiers included.
    public static final int SEARCH_VALUES = 200;

    /// Keys that one search is sorted by.
    public static final int SORT_KEYS = 5;

    /// Kinds of resources that one search includes.
    public static final int INCLUDES = 10;

    /// The longest request line, in bytes: a search with many identifiers belongs into a POST.
    public static final int URL_BYTES = 8 * 1024;

    /// All headers of one request, in bytes: two of the longest request lines.
    public static final int HEADERS_BYTES = 2 * URL_BYTES;

    /// Requests under way at once on one connection of HTTP/2, as RFC 9113 recommends; what comes
    /// beyond is refused by its stream.
    public static final int HTTP2_STREAMS = 100;

    /// Streams that one connection of HTTP/2 may take back, or have refused, within
    /// [#HTTP2_RESETS_WITHIN]: asking and taking back at once costs its sender nothing
    /// (CVE-2023-44487).
    public static final int HTTP2_RESETS = 200;

    /// See [#HTTP2_RESETS].
    public static final Duration HTTP2_RESETS_WITHIN = Duration.ofSeconds(30);

    /// Frames a second of one connection of HTTP/2 that carry nothing of a request (SETTINGS, PING,
    /// PRIORITY, windows below 1 KiB), in the long run: clients send one in some seconds.
    public static final int HTTP2_IDLE_FRAMES_PER_SECOND = 20;

    /// Such frames that it may send at once beyond that: what a browser begins with, ten times.
    public static final int HTTP2_IDLE_FRAMES_BURST = 200;

    /// Resources on one page of a search when the caller does not say.
    public static final int PAGE_DEFAULT = 50;

    /// Resources on one page of a search at the most.
    public static final int PAGE_MOST = 200;

    /// Entries of a batch or of a transaction: each is a call like any other.
    public static final int BUNDLE_ENTRIES = 100;

    /// Bytes that the answers within one Bundle may have in all: what comes beyond is asked for by
    /// itself.
    public static final int BUNDLE_BYTES = 8 * 1024 * 1024;

    /// Operations of one JSON Patch: a resource of the registry has some twenty values.
    public static final int PATCH_OPERATIONS = 100;

    /// Resources on one page of a search by nobody known, of what this project defines.
    public static final int OPEN_PAGE = 20;

    /// Bytes that are kept of answers to nobody known: all that is usually asked for takes less.
    public static final int OPEN_BYTES = 8 * 1024 * 1024;

    /// How long such an answer may be kept by whoever got it, in seconds.
    public static final int OPEN_SECONDS = 60;

    /// Resources that one page includes beside its matches at the most.
    public static final int INCLUDED_MOST = 1_000;

    /// Codes that one page of an expanded ValueSet holds: ten times our largest.
    public static final int EXPANDED_MOST = 1_000;

    /// How often a transaction is run again after a serialization failure or a deadlock.
    public static final int TRANSACTION_ATTEMPTS = 3;

    /// How long a request waits for a database connection before it is answered 503.
    public static final Duration CONNECTION_WAIT = Duration.ofSeconds(5);

    /// How often the database is asked at the start, each time for [#CONNECTION_WAIT]: a minute.
    public static final int DATABASE_ATTEMPTS_AT_START = 12;

    /// How long the embedded PostgreSQL that does not start rests before the next try: a full disk
    /// is not freed in less.
    public static final Duration DATABASE_RESTART_PAUSE = Duration.ofSeconds(5);

    /// How long a database that cannot be reached is tried at the start: a standby takes over in
    /// less. A wrong password is not tried again.
    public static final Duration DATABASE_AT_START = Duration.ofSeconds(60);

    /// How long a part that is asked whether it is well may take to say so.
    public static final Duration READINESS_ANSWER = Duration.ofMillis(1500);

    /// How long lies between two questions to a part whether it is well.
    public static final Duration READINESS_PAUSE = Duration.ofSeconds(1);

    /// How long a part may say nothing before it counts as not well: several turns and a long pause
    /// of the garbage collector.
    public static final Duration READINESS_SILENCE = Duration.ofSeconds(8);

    /// How far the audit log may be behind its events before no more calls are wanted.
    public static final Duration SEQUENCER_BEHIND = Duration.ofSeconds(10);

    /// How late what happened may be told before it is told that it is late; calls go on.
    public static final Duration OUTBOX_BEHIND = Duration.ofSeconds(60);

    /// How long a task may wait for a pool before the pool counts as stuck: the longest queue there
    /// is takes a few seconds.
    public static final Duration POOL_STUCK = Duration.ofSeconds(30);

    /// How far this machine's clock may be from the database's before that is told: ten times what
    /// NTP leaves, and less than anybody's lease.
    public static final Duration CLOCK_OFF = Duration.ofSeconds(2);

    /// How long a thread that died rests before it begins anew: no loop of failures fills the log.
    public static final Duration THREAD_RESTART_PAUSE = Duration.ofSeconds(1);

    /// How long the calls under way may take after the service was asked to end.
    public static final Duration DRAIN = Duration.ofSeconds(10);

    /// How long ending may take in all: what runs the service kills it after 30 s.
    public static final Duration CLOSE = Duration.ofSeconds(25);

    /// How long one statement may run; a page that needs longer needs an index.
    public static final Duration STATEMENT = Duration.ofSeconds(20);

    /// Statements sent on one connection before the first answer must be there.
    public static final int PIPELINED_STATEMENTS = 64;

    /// Requests a second that one client is served in the long run: more than all pharmacies of a
    /// county send together, and above what two processors answer, so that a measurement with one
    /// client meets the processors and not this limit; only a client that runs wild does.
    public static final int CLIENT_REQUESTS_PER_SECOND = 10_000;

    /// Requests that one client may send at once beyond that.
    public static final int CLIENT_BURST = 10_000;

    /// How long a connection may be silent before it is closed.
    public static final Duration IDLE_CONNECTION = Duration.ofSeconds(75);

    /// How long a pharmacy keeps packs for a patient who chose it: the way there and a queue.
    public static final Duration STOCK_HOLD = Duration.ofHours(2);

    /// The largest price feed that is fetched, in bytes: 100,000 offers take about 10 MiB.
    public static final int FEED_BYTES = 16 * 1024 * 1024;

    /// Bytes of all price feeds that are fetched at once: what comes beyond is fetched later.
    public static final int FEEDS_BYTES = 24 * 1024 * 1024;

    /// How long a price feed may take from the first byte asked to the last one read.
    public static final Duration FEED = Duration.ofSeconds(60);

    private Limits() {}
}
