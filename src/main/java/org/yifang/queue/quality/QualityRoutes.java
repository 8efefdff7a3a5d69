package org.yifang.queue.quality;

import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// `$queue-quality`: how well each source reports; an organization sees its own, the bureau all.
public final class QualityRoutes {
    private static final long DAYS_MOST = 800;

    private final QueueQualityStore quality;
    private final StaffingStore staffing;
    private final Function<String, Optional<UUID>> organizations;

    public QualityRoutes(
            QueueQualityStore quality,
            StaffingStore staffing,
            Function<String, Optional<UUID>> organizations) {
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
        Parameters answer = new Parameters();
        for (QueueQualityStore.Report one : quality.report(organization, from, to)) {
            source(answer.addParameter().setName("source"), one);
        }
        for (Staffing one : staffing.report(organization, from, to)) {
            staffing(answer.addParameter().setName("staffing"), one);
        }
        return Answer.ok(answer);
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
        UUID found = named == null ? null : organizations.apply(named).orElse(null);
        if (named != null && found == null) {
            inputs.refuse(
                    "organization",
                    "`" + named + "` is not registered.",
                    "Send the number of an Organization of the registry.");
        }
        return found;
    }

    private static void source(ParametersParameterComponent into, QueueQualityStore.Report one) {
        into.addPart()
                .setName("organization")
                .setValue(new Reference("Organization/" + one.organization()));
        into.addPart().setName("source").setValue(new StringType(one.source()));
        count(into, "tickets", one.tickets());
        count(into, "start-missing", one.startMissing());
        count(into, "auto-closed", one.autoClosed());
        decimal(into, "auto-closed-share", one.autoClosedShare(), 4);
        count(into, "service-end-missing", one.serviceEndMissing());
        count(into, "uploads", one.uploads());
        count(into, "events", one.events());
        count(into, "late", one.late());
        count(into, "repeated", one.repeated());
        count(into, "refused", one.refused());
        count(into, "quarantined", one.quarantined());
        decimal(into, "clock-offset-seconds", one.clockSeconds(), 3);
        decimal(into, "clock-offset-least-seconds", one.clockLeastSeconds(), 3);
        decimal(into, "clock-offset-most-seconds", one.clockMostSeconds(), 3);
        count(into, "clock-jumps", one.clockJumps());
        decimal(into, "little-gap", one.littleGap(), 4);
        if (one.littleDay() != null) {
            into.addPart().setName("little-day").setValue(new DateType(one.littleDay().toString()));
        }
        into.addPart().setName("little-alarm").setValue(new BooleanType(one.isAlarming()));
    }

    private static void staffing(ParametersParameterComponent into, Staffing one) {
        into.addPart()
                .setName("organization")
                .setValue(new Reference("Organization/" + one.organization()));
        into.addPart().setName("queue").setValue(new StringType(one.queue()));
        count(into, "busiest-hour", one.busiestHour());
        decimal(into, "arrivals-per-hour", one.arrivalsPerHour(), 1);
        decimal(into, "mean-service-seconds", one.serviceSeconds(), 0);
        count(into, "windows-for-80-percent-within-10-min", one.windows());
        decimal(into, "mean-wait-then-seconds", one.meanWaitSeconds(), 0);
        decimal(into, "longer-than-10-min-then", one.longerShare(), 4);
    }

    private static void count(ParametersParameterComponent into, String name, long count) {
        into.addPart().setName(name).setValue(new IntegerType((int) count));
    }

    private static void decimal(
            ParametersParameterComponent into, String name, @Nullable Double value, int places) {
        if (value != null) {
            BigDecimal rounded = BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_UP);
            into.addPart().setName(name).setValue(new DecimalType(rounded));
        }
    }
}
