package org.yifang;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.validate.Validation;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.SharedClock;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// The real service on a database of its own, with a clock that tests can move forward.
public final class TestService implements AutoCloseable {
    private static final CompletableFuture<Validation> VALIDATION =
            CompletableFuture.supplyAsync(() -> Validation.start(Conformance.load()));

    /// The file that an instance keeps of the audit log.
    private static final String CHECKPOINT = "audit-checkpoint";

    /// Settings that are of a first start: their tests begin with an empty database.
    private static final Set<String> FIRST_START =
            Set.of(
                    "YIFANG_DEMONSTRATION",
                    "YIFANG_DEMONSTRATION_PAST",
                    "YIFANG_REGION",
                    "YIFANG_MASTER_KEY",
                    "YIFANG_DATA",
                    "YIFANG_PUBLIC_URL");

    private static @Nullable DatabaseAddress loaded;
    private static @Nullable TestService shared;
    private static @Nullable TestService byDay;

    /// Runs with the machine's clock until it is moved.
    public static final class MovableClock implements InstantSource {
        private volatile Duration ahead = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }

        public void forward(Duration by) {
            ahead = ahead.plus(by);
        }
    }

    private final Service service;
    private final MovableClock clock = new MovableClock();
    private final DatabaseAddress database;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    private TestService(DatabaseAddress database, Map<String, String> environment) {
        this.database = database;
        this.service = Service.start(config(database, environment), clock, VALIDATION);
    }

    private TestService(Validation validation) {
        this.database = TestDatabase.migrated();
        this.service =
                Service.start(
                        config(database, Map.of()),
                        clock,
                        CompletableFuture.completedFuture(validation));
    }

    private TestService(DatabaseAddress database) {
        this.database = database;
        this.service =
                Service.start(config(database, Map.of()), new SharedClock(clock), VALIDATION);
    }

    /// One that goes by the database's clock, as a service at work does: what a test moves is the
    /// clock of its machine.
    public static TestService byDatabaseClock() {
        return byDatabaseClock(TestDatabase.migrated());
    }

    /// The same on a database that is there already.
    public static TestService byDatabaseClock(DatabaseAddress database) {
        return new TestService(database);
    }

    /// The one that tests share which do not move the clock: they keep apart by the numbers and
    /// patients they make up.
    public static synchronized TestService shared() {
        if (shared == null) {
            shared = new TestService(demonstrated(), Map.of());
        }
        return shared;
    }

    /// The shared one where its day is some hours old; near midnight in Shanghai another, whose
    /// clock stands at nine in the morning: what tells of "two hours ago" must not be of yesterday.
    public static synchronized TestService byDay() {
        ZonedDateTime now = Instant.now().atZone(ZoneId.of("Asia/Shanghai"));
        if (now.getHour() >= 3 && now.getHour() < 21) {
            return shared();
        }
        if (byDay == null) {
            byDay = own(Map.of());
            ZonedDateTime morning = now.toLocalDate().atTime(9, 0).atZone(now.getZone());
            byDay.clock()
                    .forward(
                            Duration.between(
                                    now, now.getHour() < 3 ? morning : morning.plusDays(1)));
        }
        return byDay;
    }

    /// One of a test's own.
    ///
    /// @param environment `YIFANG_*` settings beside the usual ones
    public static TestService own(Map<String, String> environment) {
        boolean usual = environment.keySet().stream().noneMatch(FIRST_START::contains);
        return new TestService(usual ? demonstrated() : TestDatabase.migrated(), environment);
    }

    /// One of a test's own with all that the demonstration makes up of before today, for pages that
    /// show how things went.
    public static TestService ownWithPast() {
        TestService own = own(Map.of("YIFANG_DEMONSTRATION_PAST", "true"));
        DemonstrationLoaded.await(own.database());
        return own;
    }

    /// A database in which the demonstration is already: to load it a hundred times is most of what
    /// a hundred services do.
    private static synchronized DatabaseAddress demonstrated() {
        if (loaded == null) {
            DatabaseAddress first = TestDatabase.migrated();
            try (TestService loading = new TestService(first, Map.of())) {
                DemonstrationLoaded.await(loading.database());
            }
            loaded = first;
        }
        DatabaseAddress clone = TestDatabase.clone(loaded.database());
        try {
            Path kept = keys().resolve(loaded.database()).resolve(CHECKPOINT);
            if (Files.exists(kept)) {
                Path folder = Files.createDirectories(keys().resolve(clone.database()));
                Files.copy(kept, folder.resolve(CHECKPOINT));
            }
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        return clone;
    }

    /// One whose documents are judged by a validation that is the test's to keep busy.
    public static TestService judgingBy(Validation validation) {
        return new TestService(validation);
    }

    /// One on a database that is there already.
    public static TestService on(DatabaseAddress database, Map<String, String> environment) {
        return new TestService(database, environment);
    }

    /// Another instance on the same database.
    public TestService sibling() {
        return new TestService(database, Map.of());
    }

    private static Config config(DatabaseAddress address, Map<String, String> more) {
        try {
            Map<String, String> environment = new HashMap<>();
            environment.put("YIFANG_HOST", "127.0.0.1");
            environment.put("YIFANG_PORT", "0");
            // The kept checkpoint in it belongs to one database.
            environment.put("YIFANG_DATA", keys().resolve(address.database()).toString());
            environment.put("YIFANG_MASTER_KEY", MASTER_KEY);
            environment.put(
                    "YIFANG_DATABASE_URL",
                    "postgresql://"
                            + address.host()
                            + ":"
                            + address.port()
                            + "/"
                            + address.database());
            environment.put("YIFANG_DATABASE_USER", address.user());
            environment.put("YIFANG_DATABASE_PASSWORD", address.password());
            environment.put("YIFANG_DEMONSTRATION", "true");
            environment.put("YIFANG_DEMONSTRATION_PAST", "false");
            environment.putAll(more);
            return Config.read(environment);
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    /// All instances of a test run have the same keys.
    private static final String MASTER_KEY =
            java.util.Base64.getEncoder().encodeToString(new byte[32]);

    private static @Nullable Path keys;

    private static synchronized Path keys() throws java.io.IOException {
        if (keys == null) {
            keys = Files.createTempDirectory("yifang-test");
        }
        return keys;
    }

    /// What its documents are sealed with, for writing what no call would take any more.
    public static Seal seal() {
        return new Seal(MasterKeys.parse(MASTER_KEY));
    }

    public String url() {
        return "http://127.0.0.1:" + service.port();
    }

    /// The access tokens that its clients have: of this service and not of its port, which another
    /// may get when it is closed.
    public Map<String, String> tokens() {
        return tokens;
    }

    public MovableClock clock() {
        return clock;
    }

    /// Where its data is, for looking at rows.
    public DatabaseAddress database() {
        return database;
    }

    @Override
    public void close() {
        service.close();
    }
}
