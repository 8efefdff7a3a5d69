package org.yifang.notify.subscription;

import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Subscription;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Scopes;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.notify.Topic;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/// Reads a Subscription as it was sent; everything that is wrong with it is told at once.
final class SubscriptionReader {
    private static final String CHANNEL = "Subscription.channel";

    private final List<Finding> findings = new ArrayList<>();
    private final Caller caller;
    private final String base;
    private final Endpoints endpoints;

    /// @param base our base url
    SubscriptionReader(Caller caller, String base, Endpoints endpoints) {
        this.caller = caller;
        this.base = base;
        this.endpoints = endpoints;
    }

    /// @throws Problem 422 with all that is wrong
    org.yifang.notify.subscription.Subscription.Request read(Subscription sent, Instant now) {
        Topic topic = topic(sent);
        Filter filter = filter(sent);
        Subscription.SubscriptionChannelComponent channel = sent.getChannel();
        String endpoint = endpoint(channel);
        shape(channel);
        var content = content(channel);
        Instant end = sent.getEnd() == null ? null : sent.getEnd().toInstant();
        if (end != null && !end.isAfter(now)) {
            broken("The end has passed.", "Send one that comes, or none.", "Subscription.end");
        }
        var request =
                new org.yifang.notify.subscription.Subscription.Request(
                        Objects.requireNonNullElse(topic, Topic.PRESCRIPTION_STATUS),
                        filter,
                        endpoint,
                        content,
                        number(channel, Backport.HEARTBEAT, SubscriptionLimits.HEARTBEAT),
                        number(channel, Backport.TIMEOUT, SubscriptionLimits.TIMEOUT),
                        number(channel, Backport.MAX_COUNT, SubscriptionLimits.MAX_COUNT),
                        reason(sent),
                        contact(sent),
                        end);
        if (!findings.isEmpty()) {
            throw new Problem(findings);
        }
        return request;
    }

    private @Nullable Topic topic(Subscription sent) {
        String named = Objects.requireNonNullElse(sent.getCriteria(), "");
        int bar = named.indexOf('|');
        String canonical = bar < 0 ? named : named.substring(0, bar);
        Topic topic =
                Arrays.stream(Topic.values())
                        .filter(one -> one.canonical().equals(canonical))
                        .findFirst()
                        .orElse(null);
        if (topic == null || !topic.isTold() || !SubscriptionTopics.isFor(topic, caller.role())) {
            findings.add(
                    new Finding(
                            ProblemCode.TOPIC_UNKNOWN,
                            topic == null
                                    ? "There is no topic `" + named + "`."
                                    : "Nothing of `" + topic.code() + "` is told to your role.",
                            "Send one of "
                                    + Arrays.stream(Topic.values())
                                            .filter(Topic::isTold)
                                            .filter(one ->
                                                    SubscriptionTopics.isFor(one, caller.role()))
                                            .map(one -> '`' + one.canonical() + '`')
                                            .collect(Collectors.joining(", "))
                                    + ".",
                            "Subscription.criteria",
                            false));
            return null;
        }
        return topic;
    }

    private Filter filter(Subscription sent) {
        FilterReader reader = new FilterReader(base, findings);
        int place = 0;
        for (Extension one : sent.getCriteriaElement().getExtension()) {
            String where = "Subscription.criteria.extension[" + place++ + "]";
            if (!Backport.FILTER.equals(one.getUrl())) {
                continue;
            }
            if (one.getValue() instanceof StringType text && text.getValue() != null) {
                reader.read(text.getValue(), where);
            } else {
                broken("The filter is no `valueString`.", "Send one.", where);
            }
        }
        Filter filter = reader.filter();
        switch (caller.role()) {
            case PATIENT -> own("patient", filter.patients(), caller.patientId());
            case HOSPITAL -> own("requester", filter.requesters(), caller.organizationId());
            case PHARMACY -> own("owner", filter.owners(), caller.organizationId());
            case REVIEWER, BUREAU, AUDITOR, OPERATOR -> {}
        }
        return filter;
    }

    /// Who filters by another than itself would wait for what never comes.
    private void own(String name, List<UUID> named, @Nullable UUID own) {
        if (!named.isEmpty() && (own == null || !named.contains(own))) {
            findings.add(
                    new Finding(
                            ProblemCode.FILTER_UNKNOWN,
                            "`" + name + "` names another than you: nothing of it is told to you.",
                            "Leave `" + name + "` out, or name yourself.",
                            "Subscription.criteria.extension",
                            false));
        }
    }

    private String endpoint(Subscription.SubscriptionChannelComponent channel) {
        String endpoint = Objects.requireNonNullElse(channel.getEndpoint(), "");
        String wrong =
                endpoint.isEmpty() || endpoint.length() > SubscriptionLimits.ADDRESS_MOST
                        ? "is missing, or longer than " + SubscriptionLimits.ADDRESS_MOST
                        : endpoints.fault(endpoint);
        if (wrong != null) {
            findings.add(
                    new Finding(
                            ProblemCode.ADDRESS_UNFIT,
                            "The address " + wrong + ".",
                            "Send an https address of yours that can be reached from here.",
                            CHANNEL + ".endpoint",
                            false));
        }
        return endpoint;
    }

    private void shape(Subscription.SubscriptionChannelComponent channel) {
        // An extension would name another kind of channel, with `rest-hook` for who does not know
        // it.
        if (channel.getType() != Subscription.SubscriptionChannelType.RESTHOOK
                || channel.getTypeElement().hasExtension()) {
            broken("The channel is no `rest-hook`.", "Send `rest-hook`.", CHANNEL + ".type");
        }
        String payload = Objects.requireNonNullElse(channel.getPayload(), "");
        if (!payload.equals("application/fhir+json")) {
            broken(
                    "The payload is `" + payload + "`.",
                    "Send `application/fhir+json`.",
                    CHANNEL + ".payload");
        }
        if (channel.hasHeader()) {
            broken(
                    "Headers of your own are not sent.",
                    "Leave `header` out: `X-Yifang-Signature` says that we are it.",
                    CHANNEL + ".header");
        }
    }

    private org.yifang.notify.subscription.Subscription.Content content(
            Subscription.SubscriptionChannelComponent channel) {
        var usual = org.yifang.notify.subscription.Subscription.Content.ID_ONLY;
        Extension asked = channel.getPayloadElement().getExtensionByUrl(Backport.CONTENT);
        if (asked == null) {
            return usual;
        }
        String code =
                asked.getValue() instanceof PrimitiveType<?> value ? value.getValueAsString() : "";
        var content = org.yifang.notify.subscription.Subscription.Content.find(code);
        if (content == null) {
            broken(
                    "The payload content is `" + code + "`.",
                    "Send `empty`, `id-only` or `full-resource`.",
                    CHANNEL + ".payload.extension");
            return usual;
        }
        return content;
    }

    private @Nullable Integer number(
            Subscription.SubscriptionChannelComponent channel,
            String url,
            SubscriptionLimits.Between limits) {
        Extension asked = channel.getExtensionByUrl(url);
        if (asked == null) {
            return null;
        }
        Integer value = asked.getValue() instanceof IntegerType number ? number.getValue() : null;
        if (value == null || value < limits.least() || value > limits.most()) {
            broken(
                    "`" + url.substring(url.lastIndexOf('/') + 1) + "` is no such number.",
                    "Send " + limits.least() + " to " + limits.most() + '.',
                    CHANNEL + ".extension");
        }
        return value;
    }

    private String reason(Subscription sent) {
        String reason = Objects.requireNonNullElse(sent.getReason(), "");
        if (reason.isBlank() || reason.length() > SubscriptionLimits.REASON_MOST) {
            broken(
                    "The reason is missing, or longer than " + SubscriptionLimits.REASON_MOST + '.',
                    "Say in a sentence what it is for.",
                    "Subscription.reason");
        }
        return reason;
    }

    private @Nullable String contact(Subscription sent) {
        if (!sent.hasContact()) {
            return null;
        }
        if (sent.getContact().size() > SubscriptionLimits.CONTACTS_MOST) {
            broken(
                    "There are too many contacts.",
                    "Send at most " + SubscriptionLimits.CONTACTS_MOST + '.',
                    "Subscription.contact");
        }
        byte[] list = FhirWriter.list(all -> sent.getContact().forEach(one -> contact(all, one)));
        return new String(list, StandardCharsets.UTF_8);
    }

    private static void contact(FhirWriter all, ContactPoint one) {
        all.element(to ->
                to.identified(
                        one.getSystem() == null ? null : one.getSystem().toCode(),
                        one.getValue(),
                        one.getUse() == null ? null : one.getUse().toCode()));
    }

    private void broken(String detail, String remedy, String where) {
        findings.add(new Finding(ProblemCode.PROFILE_BROKEN, detail, remedy, where, false));
    }

    /// What an owner says of the status: it wants to be told, or to be told no more.
    static boolean isOff(Subscription sent) {
        return sent.getStatus() == Subscription.SubscriptionStatus.OFF;
    }

    /// A new one begins as `requested`; `active`, as the backport's own examples say it, asks for
    /// the same.
    ///
    /// @throws Problem when it says that it failed or is over
    static void requireRequested(Subscription sent) {
        if (sent.getStatus() != Subscription.SubscriptionStatus.REQUESTED
                && sent.getStatus() != Subscription.SubscriptionStatus.ACTIVE) {
            throw new Problem(
                    List.of(
                            new Finding(
                                    ProblemCode.PROFILE_BROKEN,
                                    "The status is not `requested`.",
                                    "Send `requested`; it becomes `active` by itself.",
                                    "Subscription.status",
                                    false)));
        }
    }

    /// @throws Problem unless it is a program's whose registration outlives its token
    static void requireOwner(Caller caller, boolean person) {
        boolean nobody = caller.is(Role.PATIENT) && caller.patientId() == null;
        if (person || caller.taskId() != null || nobody) {
            throw new Problem(
                    ProblemCode.NOT_FOR_THIS_ROLE,
                    "A Subscription belongs to a registered client, of a patient app for one"
                            + " patient.",
                    "Pages and slips are told by `/events`.");
        }
        if (!Scopes.cover(caller.scopes(), "Task", 'r')) {
            throw new Problem(
                    ProblemCode.NOT_IN_SCOPE,
                    "The token does not cover `system/Task.r`, of which you would be told.",
                    "Ask for a token with that scope.");
        }
    }
}
