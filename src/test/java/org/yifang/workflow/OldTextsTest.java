package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.platform.data.Database.SQL;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;
import org.yifang.audit.event.NameSeal;
import org.yifang.audit.verify.Reconciliation;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.data.Database;
import org.yifang.workflow.Story.Rx;

import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/// What the version before wrote in clear is sealed when this one starts, and what was committed to
/// stays what it is.
final class OldTextsTest {
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String UNMASK = "核对投诉来信里的当事人";

    @Test
    void what_the_version_before_wrote_in_clear_is_sealed_by_the_next_start(@TempDir Path folder)
            throws Exception {
        Seal seal = new Seal(MasterKeys.of(KEY, folder));
        NameSeal names =
                new NameSeal(
                        plain -> seal.seal(plain, "audit"),
                        sealed -> seal.open(sealed, "audit"),
                        event -> seal.vouch("AuditEvent", event));
        Vertx vertx = Vertx.vertx();
        try (TestService before = TestService.own(Map.of("YIFANG_MASTER_KEY", KEY))) {
            Rx rx = new Story(before).prescribed();
            Client auditor = new Client(before, "auditor-1", Map.of("subject_id", "A1"));
            auditor.call(
                    "/fhir/" + rx.task().at("/for/reference").asText() + "/$unmask",
                    Story.reason(UNMASK));
            Database rows = new Database(vertx, before.database(), 2);
            try {
                inClear(rows, seal);
                rows.run(SQL.query("update account set name = '张三' where login = 'doctor-1'"));
                try (TestService next =
                        TestService.on(before.database(), Map.of("YIFANG_MASTER_KEY", KEY))) {
                    assertThat(count(rows, "account where name = '张三'")).isZero();
                    assertThat(count(rows, "audit_event where change like '%" + UNMASK + "%'"))
                            .isZero();
                    assertThat(
                                    new Client(next, "auditor-1", Map.of("subject_id", "A1"))
                                            .get("/fhir/AuditEvent?subtype=unmask")
                                            .raw()
                                            .body())
                            .contains(UNMASK);
                    assertThat(
                                    new Client(next, "operator-1")
                                            .get("/admin/people/doctor-1")
                                            .body()
                                            .path("name")
                                            .asText())
                            .isEqualTo("张三");
                    assertThat(new Reconciliation(rows, names, "421281").run())
                            .as("only what this test altered past the service")
                            .extracting(Reconciliation.Mismatch::what)
                            .allMatch(what -> what.equals("account/doctor-1"));
                }
            } finally {
                rows.close().await();
            }
        } finally {
            vertx.close().await();
        }
    }

    /// As the version before left an event.
    private static void inClear(Database rows, Seal seal) {
        Row row =
                rows.run(
                                SQL.resultQuery(
                                        "select id, change_sealed from audit_event where"
                                                + " change_sealed is not null"))
                        .iterator()
                        .next();
        byte[] plain = seal.open(row.getBuffer("change_sealed").getBytes(), "audit");
        String hex = HexFormat.of().formatHex(plain, 0, 16);
        rows.run(
                SQL.query(
                        "update audit_event set change = {0} || coalesce(change, ''),"
                                + " change_sealed = null, change_hidden = 0, salts = overlay(salts"
                                + " placing decode({1}, 'hex') from 16 * 16 + 1) where id = {2}",
                        DSL.val(new String(plain, 16, plain.length - 16, UTF_8)),
                        DSL.val(hex),
                        DSL.val(row.getUUID("id"))));
        assertThat(count(rows, "audit_event where change like '%" + UNMASK + "%'")).isEqualTo(1);
    }

    private static long count(Database rows, String of) {
        return rows.run(SQL.resultQuery("select count(*) as n from " + of))
                .iterator()
                .next()
                .getLong("n");
    }
}
