package org.yifang.audit.question;

import static org.yifang.generated.Tables.AUDIT_EVENT;
import static org.yifang.generated.Tables.AUDIT_LEAF;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.EventStore;
import org.yifang.audit.log.LogStore;
import org.yifang.export.ExportSource;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// Exports AuditEvents in the order of the log, so that a place is a number that never changes.
public final class AuditEventExport implements ExportSource {
    private final Database database;
    private final EventStore store;
    private final AuditEventFhir fhir;

    public AuditEventExport(Database database, EventStore store, AuditEventFhir fhir) {
        this.database = database;
        this.store = store;
        this.fhir = fhir;
    }

    @Override
    public String type() {
        return "AuditEvent";
    }

    @Override
    public Set<Role> roles() {
        return Set.of(Role.AUDITOR);
    }

    @Override
    public long total(Window window) {
        return Objects.requireNonNull(LogStore.state(database::run)).tree().size();
    }

    @Override
    public Page page(Window window, long total, @Nullable String after, int most) {
        long first = after == null ? 0 : Long.parseLong(after);
        long end = Math.min(total, first + most);
        Condition written = AUDIT_EVENT.RECORDED.le(window.until());
        if (window.since() != null) {
            written = written.and(AUDIT_EVENT.RECORDED.gt(window.since()));
        }
        List<byte[]> resources = new ArrayList<>();
        Set<UUID> patients = new LinkedHashSet<>();
        for (Row row : AuditEventViews.logged(database, written, first, end, most)) {
            EventStore.Stored stored = store.read(row);
            long index = Rows.get(row, AUDIT_LEAF.INDEX);
            resources.add(fhir.opened(stored, index));
            patients.addAll(stored.event().all("Patient"));
        }
        return new Page(
                resources,
                patients,
                (int) (end - first),
                end == total ? null : String.valueOf(end));
    }
}
