package org.yifang.prescription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.generated.Tables.PRESCRIPTION_TRANSITION;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.get;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.data.Database;
import org.yifang.prescription.life.Exploration;
import org.yifang.prescription.life.StatesPage;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;

/// Every state and every command: what the rules can do is what the database allows, no more and no
/// less.
class TransitionsTest {
    @Test
    void the_rules_and_the_table_of_the_database_know_the_same_transitions() {
        Set<String> possible = new TreeSet<>();
        Exploration.run()
                .edges
                .forEach(edge -> possible.add(edge.from().code() + " -> " + edge.to().code()));
        assertThat(possible).isEqualTo(table());
    }

    @Test
    void the_page_for_readers_says_what_the_rules_do() throws IOException {
        assertThat(Files.readString(StatesPage.FILE))
                .as("run: mvn test-compile exec:exec@pages")
                .isEqualTo(StatesPage.text());
    }

    private static Set<String> table() {
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, TestDatabase.migrated(), 2);
        Set<String> table = new TreeSet<>();
        database.run(
                        SQL.select(
                                        PRESCRIPTION_TRANSITION.FROM_STATE,
                                        PRESCRIPTION_TRANSITION.TO_STATE)
                                .from(PRESCRIPTION_TRANSITION)
                                .limit(1000))
                .forEach(row ->
                        table.add(
                                get(row, PRESCRIPTION_TRANSITION.FROM_STATE)
                                        + " -> "
                                        + get(row, PRESCRIPTION_TRANSITION.TO_STATE)));
        database.close().await();
        vertx.close().await();
        return table;
    }
}
