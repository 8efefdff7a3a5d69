package org.yifang.fhir.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.function.Consumer;

/// Writes a resource straight as the bytes that are sent, member by member: no tree, no encoder.
/// What is null is left out, and so are an empty text and a list or an object in which nothing was
/// written: FHIR knows no empty ones. Methods that take a `name` first write a member of an object,
/// those without an element of a list.
public final class FhirWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator json;

    /// What was begun and holds nothing yet, outermost first.
    private final Deque<Begun> begun = new ArrayDeque<>();

    private record Begun(@Nullable String name, boolean list) {}

    private interface Step {
        void run(JsonGenerator json) throws IOException;
    }

    private FhirWriter(JsonGenerator json) {
        this.json = json;
    }

    /// A whole resource.
    public static byte[] resource(String type, Consumer<FhirWriter> members) {
        return object(json -> members.accept(json.string("resourceType", type)));
    }

    /// A whole Parameters.
    public static byte[] parameters(Consumer<NamedValues> parameters) {
        return resource(
                "Parameters",
                json ->
                        json.list(
                                "parameter",
                                all -> parameters.accept(NamedValues.parameters(all))));
    }

    /// A list that is part of a resource; `[]` when nothing is written.
    public static byte[] list(Consumer<FhirWriter> elements) {
        return written(JsonGenerator::writeStartArray, elements, JsonGenerator::writeEndArray);
    }

    /// An object that is part of a resource; `{}` when nothing is written.
    public static byte[] object(Consumer<FhirWriter> members) {
        return written(JsonGenerator::writeStartObject, members, JsonGenerator::writeEndObject);
    }

    private static byte[] written(Step begin, Consumer<FhirWriter> inside, Step end) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            begin.run(json);
            inside.accept(new FhirWriter(json));
            end.run(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /// The members of an object without its braces, see [FhirJson#withTail].
    public static byte[] members(Consumer<FhirWriter> members) {
        byte[] object = object(members);
        return java.util.Arrays.copyOfRange(object, 1, object.length - 1);
    }

    /// A text exactly as it is, an empty one too: for what a commitment is reckoned of.
    public FhirWriter exactly(String name, String value) {
        return write(to -> to.writeStringField(name, value));
    }

    public FhirWriter string(String name, @Nullable String value) {
        return value == null || value.isEmpty()
                ? this
                : write(to -> to.writeStringField(name, value));
    }

    public FhirWriter string(String value) {
        return write(to -> to.writeString(value));
    }

    public FhirWriter instant(String name, @Nullable Instant at) {
        return at == null ? this : string(name, FhirJson.instant(at));
    }

    public FhirWriter number(String name, long value) {
        return write(to -> to.writeNumberField(name, value));
    }

    public FhirWriter number(String name, double value) {
        return write(to -> to.writeNumberField(name, value));
    }

    /// With the digits that it has: they say how exact it is.
    public FhirWriter number(String name, BigDecimal value) {
        return write(to -> {
            to.writeFieldName(name);
            to.writeNumber(value.toPlainString());
        });
    }

    public FhirWriter truth(String name, boolean value) {
        return write(to -> to.writeBooleanField(name, value));
    }

    public FhirWriter object(String name, Consumer<FhirWriter> members) {
        return scope(new Begun(name, false), members);
    }

    public FhirWriter list(String name, Consumer<FhirWriter> elements) {
        return scope(new Begun(name, true), elements);
    }

    /// An object in a list.
    public FhirWriter element(Consumer<FhirWriter> members) {
        return scope(new Begun(null, false), members);
    }

    /// A member that is JSON already.
    public FhirWriter raw(String name, byte[] value) {
        return write(to -> {
            to.writeFieldName(name);
            to.writeRawValue(new String(value, StandardCharsets.UTF_8));
        });
    }

    /// The elements of a list that is JSON already, among those of the one being written.
    public FhirWriter elements(byte @Nullable [] list) {
        return list == null || list.length <= "[]".length()
                ? this
                : write(to ->
                        to.writeRawValue(
                                new String(list, 1, list.length - 2, StandardCharsets.UTF_8)));
    }

    public FhirWriter meta(long version, Instant updated) {
        return meta(version, FhirJson.instant(updated), _ -> {});
    }

    public FhirWriter meta(long version, String updated, Consumer<FhirWriter> more) {
        return object(
                "meta",
                meta ->
                        more.accept(
                                meta.string("versionId", String.valueOf(version))
                                        .string("lastUpdated", updated)));
    }

    public FhirWriter identifier(String name, @Nullable String system, @Nullable String value) {
        return object(name, one -> one.identified(system, value));
    }

    public FhirWriter identifier(String system, @Nullable String value) {
        return element(one -> one.identified(system, value));
    }

    private FhirWriter identified(@Nullable String system, @Nullable String value) {
        return string("system", system).string("value", value);
    }

    /// The members of an identifier, or of a way to reach somebody, with what it is used for.
    public FhirWriter identified(
            @Nullable String system, @Nullable String value, @Nullable String use) {
        return identified(system, value).string("use", use);
    }

    public FhirWriter coding(String name, String system, String code) {
        return object(name, one -> one.coded(system, code));
    }

    public FhirWriter coding(@Nullable String system, String code) {
        return element(one -> one.coded(system, code));
    }

    private FhirWriter coded(@Nullable String system, String code) {
        return string("system", system).string("code", code);
    }

    /// The members of a coding with its words.
    public FhirWriter coded(@Nullable String system, String code, @Nullable String display) {
        return coded(system, code).string("display", display);
    }

    public FhirWriter concept(String name, String system, String code) {
        return concept(name, system, code, null);
    }

    /// A concept with one coding; nothing when both are absent.
    public FhirWriter concept(
            String name, @Nullable String system, @Nullable String code, @Nullable String text) {
        return object(name, one -> one.conceived(system, code).string("text", text));
    }

    public FhirWriter concept(String system, String code) {
        return element(one -> one.conceived(system, code));
    }

    /// A concept of words alone.
    public FhirWriter words(String name, @Nullable String text) {
        return concept(name, null, null, text);
    }

    public FhirWriter words(@Nullable String text) {
        return element(one -> one.string("text", text));
    }

    private FhirWriter conceived(@Nullable String system, @Nullable String code) {
        return code == null ? this : list("coding", all -> all.coding(system, code));
    }

    public FhirWriter reference(String name, String type, @Nullable UUID id) {
        return id == null ? this : reference(name, type + '/' + id);
    }

    public FhirWriter reference(String name, String to) {
        return object(name, one -> one.string("reference", to));
    }

    public FhirWriter reference(String name, String to, @Nullable String display) {
        return object(name, one -> one.referred(to, display));
    }

    /// The members of a reference with its words.
    public FhirWriter referred(String to, @Nullable String display) {
        return string("reference", to).string("display", display);
    }

    public FhirWriter reference(String to) {
        return element(one -> one.string("reference", to));
    }

    public FhirWriter period(String name, @Nullable Instant start, @Nullable Instant end) {
        return object(name, one -> one.instant("start", start).instant("end", end));
    }

    public FhirWriter quantity(String name, BigDecimal value, @Nullable String unit) {
        return object(name, one -> one.number("value", value).string("unit", unit));
    }

    /// From one day to another.
    public FhirWriter days(String name, LocalDate start, LocalDate end) {
        return object(
                name, one -> one.string("start", start.toString()).string("end", end.toString()));
    }

    /// A quantity with its unit of UCUM.
    public FhirWriter measure(String name, BigDecimal value, String unit) {
        return object(name, one -> one.measured(value, unit));
    }

    /// A quantity whose unit is a code of `system`.
    public FhirWriter measure(String name, BigDecimal value, String unit, String system) {
        return object(name, one -> one.measured(value, unit, system));
    }

    /// The members of a quantity with its unit of UCUM.
    public FhirWriter measured(BigDecimal value, String unit) {
        return measured(value, unit, "http://unitsofmeasure.org");
    }

    private FhirWriter measured(BigDecimal value, String unit, String system) {
        return number("value", value)
                .string("unit", unit)
                .string("system", system)
                .string("code", unit);
    }

    /// Yuan, of an amount in fen.
    public FhirWriter money(String name, long fen) {
        return object(
                name,
                one -> one.number("value", BigDecimal.valueOf(fen, 2)).string("currency", "CNY"));
    }

    /// The extensions of ours that what is being written has.
    public FhirWriter extensions(Consumer<NamedValues> extensions) {
        return list("extension", all -> extensions.accept(NamedValues.extensions(all)));
    }

    /// An extension of ours.
    public FhirWriter extension(String name, Consumer<FhirWriter> value) {
        return part(FhirJson.EXTENSIONS + name, value);
    }

    /// An extension within an extension.
    public FhirWriter part(String url, Consumer<FhirWriter> value) {
        return element(one -> value.accept(one.string("url", url)));
    }

    private FhirWriter scope(Begun what, Consumer<FhirWriter> inside) {
        begun.addLast(what);
        inside.accept(this);
        if (begun.isEmpty()) {
            write(what.list() ? JsonGenerator::writeEndArray : JsonGenerator::writeEndObject);
        } else {
            begun.removeLast();
        }
        return this;
    }

    private FhirWriter write(Step step) {
        try {
            while (!begun.isEmpty()) {
                begin(begun.removeFirst());
            }
            step.run(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return this;
    }

    private void begin(Begun what) throws IOException {
        if (what.name() != null) {
            json.writeFieldName(what.name());
        }
        if (what.list()) {
            json.writeStartArray();
        } else {
            json.writeStartObject();
        }
    }
}
