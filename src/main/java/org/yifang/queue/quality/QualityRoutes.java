package org.yifang.queue.quality;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/// `$queue-quality`: how well each source reports; an organization sees its own, the bureau all.
public final class QualityRoutes {
    private static final long DAYS_MOST = 800;

    private final QueueQualityStore quality;
    private final StaffingStore staffing;
    private final Organizations organizations;

    public QualityRoutes(
            QueueQualityStore quality, StaffingStore staffing, Organizations organizations) {
        this.quality = quality;
        this.staffing = staffing;
        this.organizations = organizations;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.system("queue-quality")
                        .reads()
                        .scope("Task.s")
                        .roles(Role.HOSPITAL, Role.PHARMACY, Role.BUREAU, Role.AUDITOR)
                        .handler(this::report));
    }

    private Answer report(Exchange exchange) {
        Inputs inputs = exchange.inputs();
        LocalDate from = inputs.date("periodStart");
        LocalDate to = inputs.date("periodEnd");
        String named = inputs.findString("organization");
        if (to.isBefore(from) || ChronoUnit.DAYS.between(from, to) > DAYS_MOST) {
            inputs.refuse(
                    "periodEnd",
                    "From `" + from + "` to `" + to + "` is no period that can be reported.",
                    "It ends no earlier than it begins and within " + DAYS_MOST + " days.");
        }
        UUID organization = organization(exchange.caller(), inputs, named);
        inputs.done();
        List<QueueQualityStore.Report> sources = quality.report(organization, from, to);
        List<Staffing> queues = staffing.report(organization, from, to);
        return Answer.ok(
                FhirWriter.parameters(all -> {
                    sources.forEach(one -> all.group("source", parts -> source(parts, one)));
                    queues.forEach(one -> all.group("staffing", parts -> staffing(parts, one)));
                }));
    }

    /// Whose sources are asked for; null for all.
    private @Nullable UUID organization(Caller caller, Inputs inputs, @Nullable String named) {
        boolean all = caller.is(Role.BUREAU) || caller.is(Role.AUDITOR);
        if (!all) {
            if (named != null && !named.equals(caller.organization())) {
                inputs.refuse(
                        "organization",
                        "`" + named + "` is not your own.",
                        "Leave it out, or send `" + caller.organization() + "`.");
            }
            return caller.organizationId();
        }
        UUID found =
                named == null
                        ? null
                        : organizations.byNumber(named).map(Organization::id).orElse(null);
        if (named != null && found == null) {
            inputs.refuse(
                    "organization",
                    "`" + named + "` is not registered.",
                    "Send the number of an Organization of the registry.");
        }
        return found;
    }

    private static void source(NamedValues parts, QueueQualityStore.Report one) {
        parts.reference("organization", "Organization/" + one.organization())
                .string("source", one.source())
                .integer("tickets", one.tickets())
                .integer("start-missing", one.startMissing())
                .integer("auto-closed", one.autoClosed());
        decimal(parts, "auto-closed-share", one.autoClosedShare(), 4);
        parts.integer("service-end-missing", one.serviceEndMissing())
                .integer("uploads", one.uploads())
                .integer("events", one.events())
                .integer("late", one.late())
                .integer("repeated", one.repeated())
                .integer("refused", one.refused())
                .integer("quarantined", one.quarantined());
        decimal(parts, "clock-offset-seconds", one.clockSeconds(), 3);
        decimal(parts, "clock-offset-least-seconds", one.clockLeastSeconds(), 3);
        decimal(parts, "clock-offset-most-seconds", one.clockMostSeconds(), 3);
        parts.integer("clock-jumps", one.clockJumps());
        decimal(parts, "little-gap", one.littleGap(), 4);
        parts.date("little-day", one.littleDay()).truth("little-alarm", one.isAlarming());
    }

    private static void staffing(NamedValues parts, Staffing one) {
        parts.reference("organization", "Organization/" + one.organization())
                .string("queue", one.queue())
                .integer("busiest-hour", one.busiestHour())
                .decimal("arrivals-per-hour", one.arrivalsPerHour(), 1)
                .decimal("mean-service-seconds", one.serviceSeconds(), 0)
                .integer("windows-for-80-percent-within-10-min", one.windows());
        decimal(parts, "mean-wait-then-seconds", one.meanWaitSeconds(), 0);
        decimal(parts, "longer-than-10-min-then", one.longerShare(), 4);
    }

    private static void decimal(
            NamedValues parts, String name, @Nullable Double value, int places) {
        if (value != null) {
            parts.decimal(name, value, places);
        }
    }
}
