package org.yifang.fhir.json;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.Temporal;
import java.util.Base64;
import java.util.function.Consumer;

/// Values that have a name: the parameters of a Parameters and their parts (`name`, `part`), and
/// the extensions of ours with theirs (`url`, `extension`). What is null or an empty text is left
/// out.
public final class NamedValues {
    /// What a value is named by, and where what belongs to it stands.
    private enum Kind {
        PARAMETER("name", "part"),
        EXTENSION("url", "extension");

        private final String name;
        private final String inner;

        Kind(String name, String inner) {
            this.name = name;
            this.inner = inner;
        }
    }

    private final FhirWriter to;
    private final Kind kind;
    private final String prefix;

    private NamedValues(FhirWriter to, Kind kind, String prefix) {
        this.to = to;
        this.kind = kind;
        this.prefix = prefix;
    }

    /// Into the list of a Parameters' parameters, or of a parameter's parts.
    static NamedValues parameters(FhirWriter list) {
        return new NamedValues(list, Kind.PARAMETER, "");
    }

    /// Into a list of extensions; each is one of ours.
    static NamedValues extensions(FhirWriter list) {
        return new NamedValues(list, Kind.EXTENSION, FhirJson.EXTENSIONS);
    }

    /// What has parts instead of a value.
    public NamedValues group(String name, Consumer<NamedValues> parts) {
        return value(
                name,
                one -> one.list(kind.inner, all -> parts.accept(new NamedValues(all, kind, ""))));
    }

    public NamedValues string(String name, @Nullable String value) {
        return text(name, "valueString", value);
    }

    public NamedValues code(String name, @Nullable String value) {
        return text(name, "valueCode", value);
    }

    public NamedValues url(String name, @Nullable String value) {
        return text(name, "valueUrl", value);
    }

    public NamedValues uri(String name, @Nullable String value) {
        return text(name, "valueUri", value);
    }

    public NamedValues coding(String name, String system, String code, String display) {
        return value(name, one -> one.object("valueCoding", x -> x.coded(system, code, display)));
    }

    /// A day, or a month.
    public NamedValues date(String name, @Nullable Temporal value) {
        return text(name, "valueDate", value == null ? null : value.toString());
    }

    public NamedValues instant(String name, @Nullable Instant value) {
        return text(name, "valueInstant", value == null ? null : FhirJson.instant(value));
    }

    /// With all digits that it has, in UTC: what is asked again as of this moment.
    public NamedValues exactInstant(String name, Instant value) {
        return text(name, "valueInstant", value.toString());
    }

    public NamedValues bytes(String name, byte[] value) {
        return text(name, "valueBase64Binary", Base64.getEncoder().encodeToString(value));
    }

    public NamedValues truth(String name, boolean value) {
        return value(name, one -> one.truth("valueBoolean", value));
    }

    public NamedValues integer(String name, long value) {
        return value(name, one -> one.number("valueInteger", value));
    }

    public NamedValues decimal(String name, BigDecimal value) {
        return value(name, one -> one.number("valueDecimal", value));
    }

    /// Rounded to so many digits behind the point.
    public NamedValues decimal(String name, double value, int digits) {
        return decimal(name, BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP));
    }

    /// Yuan, of an amount in fen.
    public NamedValues money(String name, long fen) {
        return value(name, one -> one.money("valueMoney", fen));
    }

    public NamedValues quantity(String name, BigDecimal value, String unit) {
        return value(name, one -> one.quantity("valueQuantity", value, unit));
    }

    /// A quantity with its unit of UCUM.
    public NamedValues measure(String name, BigDecimal value, String unit) {
        return value(name, one -> one.measure("valueQuantity", value, unit));
    }

    /// From one quantity to another, with their unit of UCUM.
    public NamedValues range(String name, BigDecimal low, BigDecimal high, String unit) {
        return value(
                name,
                one ->
                        one.object(
                                "valueRange",
                                range ->
                                        range.measure("low", low, unit)
                                                .measure("high", high, unit)));
    }

    public NamedValues days(String name, LocalDate start, LocalDate end) {
        return value(name, one -> one.days("valuePeriod", start, end));
    }

    public NamedValues reference(String name, String to) {
        return value(name, one -> one.reference("valueReference", to));
    }

    public NamedValues reference(String name, String to, @Nullable String display) {
        return value(name, one -> one.reference("valueReference", to, display));
    }

    /// A parameter that is a resource, as JSON.
    public NamedValues resource(String name, byte[] json) {
        return value(name, one -> one.raw("resource", json));
    }

    private NamedValues text(String name, String type, @Nullable String value) {
        return value == null || value.isEmpty()
                ? this
                : value(name, one -> one.string(type, value));
    }

    private NamedValues value(String name, Consumer<FhirWriter> value) {
        to.element(one -> value.accept(one.string(kind.name, prefix + name)));
        return this;
    }
}
