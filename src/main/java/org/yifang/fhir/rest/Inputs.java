package org.yifang.fhir.rest;

import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.search.Query;
import org.yifang.platform.problem.Problem;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;

/// What an operation was given, by name and type, with everything that is wrong told at once.
///
/// A getter without `find` is for what must be there; when it is not, it notes a finding and gives
/// a value that only keeps the compiler content. So: read everything, call [#done], then act.
public final class Inputs {
    private final GivenParameters given;

    private Inputs(GivenParameters given) {
        this.given = given;
    }

    /// The parameters of a body.
    static Inputs of(Parameters parameters) {
        return new Inputs(GivenParameters.of(parameters));
    }

    /// The parameters of a URL.
    static Inputs ofQuery(Query query) {
        return new Inputs(GivenParameters.of(query));
    }

    /// Ends the reading.
    ///
    /// @throws Problem `RX-1403` for each that has the wrong type or cannot be read, stands more
    ///   often than it may, or is unknown; `RX-1406` for each that is missing
    public void done() {
        given.done();
    }

    /// As [#done], but passes over what is unknown: for a caller that asks for `handling=lenient`.
    public void doneLeniently() {
        given.doneButUnknown();
    }

    /// Notes what the reader of a value found wrong with it, under the code `RX-1403`.
    public void refuse(String name, String detail, String remedy) {
        given.refuse(name, detail, remedy);
    }

    /// Whether a parameter of this name was given.
    public boolean has(String name) {
        return given.has(name);
    }

    public String string(String name) {
        return given.needed(name, findString(name), "");
    }

    public @Nullable String findString(String name) {
        return given.first(name, strings(name));
    }

    /// Every value of a text that repeats.
    public List<String> strings(String name) {
        return given.all(name, "valueString", StringType.class, StringType::getValue, text -> text);
    }

    public String code(String name) {
        return given.needed(name, findCode(name), "");
    }

    /// A code; a text or a uri that says the same is taken too.
    public @Nullable String findCode(String name) {
        return given.one(
                name,
                "valueCode",
                PrimitiveType.class,
                value -> value.getValueAsString(),
                text -> text);
    }

    /// Every value of a code that repeats.
    public List<String> codes(String name) {
        return given.all(
                name,
                "valueCode",
                PrimitiveType.class,
                value -> value.getValueAsString(),
                text -> text);
    }

    public boolean flag(String name) {
        return given.needed(name, findFlag(name), false);
    }

    public @Nullable Boolean findFlag(String name) {
        return given.one(
                name,
                "valueBoolean",
                BooleanType.class,
                BooleanType::getValue,
                text -> new BooleanType(text).getValue());
    }

    public int integer(String name) {
        return given.needed(name, findInteger(name), 0);
    }

    public @Nullable Integer findInteger(String name) {
        return given.one(
                name, "valueInteger", IntegerType.class, IntegerType::getValue, Integer::valueOf);
    }

    /// A decimal; a whole number is one too.
    public @Nullable BigDecimal findDecimal(String name) {
        return given.one(
                name,
                "valueDecimal",
                PrimitiveType.class,
                value ->
                        switch (value) {
                            case DecimalType decimal -> decimal.getValue();
                            case IntegerType whole -> BigDecimal.valueOf(whole.getValue());
                            default -> null;
                        },
                BigDecimal::new);
    }

    public Instant instant(String name) {
        return given.needed(name, findInstant(name), Instant.EPOCH);
    }

    public @Nullable Instant findInstant(String name) {
        return given.one(
                name,
                "valueInstant",
                InstantType.class,
                // The parser lets a mere day through, which is no instant.
                value -> OffsetDateTime.parse(value.getValueAsString()).toInstant(),
                text -> OffsetDateTime.parse(text).toInstant());
    }

    public LocalDate date(String name) {
        return given.needed(name, findDate(name), LocalDate.EPOCH);
    }

    /// A whole date: year, month and day.
    public @Nullable LocalDate findDate(String name) {
        return given.one(
                name,
                "valueDate",
                DateType.class,
                value -> LocalDate.parse(value.getValueAsString()),
                LocalDate::parse);
    }

    public Identifier identifier(String name) {
        return given.needed(name, findIdentifier(name), new Identifier());
    }

    public @Nullable Identifier findIdentifier(String name) {
        return whole(name, "valueIdentifier", Identifier.class);
    }

    public Reference reference(String name) {
        return given.needed(name, findReference(name), new Reference());
    }

    public @Nullable Reference findReference(String name) {
        return given.one(name, "valueReference", Reference.class, value -> value, Reference::new);
    }

    public Quantity quantity(String name) {
        return given.needed(name, findQuantity(name), new Quantity());
    }

    public @Nullable Quantity findQuantity(String name) {
        return whole(name, "valueQuantity", Quantity.class);
    }

    public @Nullable Coding findCoding(String name) {
        return whole(name, "valueCoding", Coding.class);
    }

    public CodeableConcept concept(String name) {
        return given.needed(name, findConcept(name), new CodeableConcept());
    }

    public @Nullable CodeableConcept findConcept(String name) {
        return whole(name, "valueCodeableConcept", CodeableConcept.class);
    }

    private <T extends Type> @Nullable T whole(String name, String wanted, Class<T> type) {
        return given.one(name, wanted, type, value -> value, null);
    }

    /// Every resource of a name; notes a finding for one of another type.
    public <R extends Resource> List<R> resources(String name, Class<R> type) {
        return given.resources(name, type);
    }

    /// Where the `n`-th of a repeating parameter stands, `Parameters.parameter[2]`, for findings.
    public String expression(String name, int n) {
        return given.expression(name, n);
    }

    /// The parts of every parameter of a name, each to be read like this.
    public List<Inputs> parts(String name) {
        return given.parts(name).stream().map(Inputs::new).toList();
    }

    /// Notes a finding unless a parameter of this name is there `least` to `most` times.
    public void count(String name, int least, int most) {
        given.count(name, least, most);
    }
}
