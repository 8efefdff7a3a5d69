package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Migrations;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Three instances that start at once on an empty database all come up.
@Alone
class FirstStartTest {
    private static int migrated(DatabaseAddress address) throws Exception {
        int applied = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(threads.submit(() -> Migrations.apply(address)));
            }
            for (Future<Integer> one : all) {
                applied += one.get();
            }
        }
        return applied;
    }

    @Test
    void each_migration_is_applied_by_one_of_them() throws Exception {
        int alone = Migrations.apply(TestDatabase.empty());
        assertThat(migrated(TestDatabase.empty())).isEqualTo(alone);
    }

    @Test
    @Tag("soak")
    void twenty_times_out_of_twenty_the_whole_service_comes_up() throws Exception {
        for (int round = 1; round <= 20; round++) {
            DatabaseAddress address = TestDatabase.empty();
            try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
                List<Future<TestService>> all = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    all.add(threads.submit(() -> TestService.on(address, Map.of())));
                }
                for (Future<TestService> one : all) {
                    one.get().close();
                }
            }
        }
    }
}
