package org.yifang.audit.question;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.EventStore;
import org.yifang.audit.log.LogStore;
import org.yifang.export.ExportSource;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;

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
        List<byte[]> resources = new ArrayList<>();
        Set<UUID> patients = new LinkedHashSet<>();
        for (AuditEventViews.Logged one :
                AuditEventViews.logged(database, store, window, first, end, most)) {
            resources.add(fhir.opened(one.stored(), one.index()));
            patients.addAll(one.stored().event().all("Patient"));
        }
        return new Page(
                resources,
                patients,
                (int) (end - first),
                end == total ? null : String.valueOf(end));
    }
}
