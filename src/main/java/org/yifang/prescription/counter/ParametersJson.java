package org.yifang.prescription.counter;

import com.fasterxml.jackson.core.JsonGenerator;

import org.yifang.fhir.json.FhirJson;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Writes a Parameters answer around resources that are JSON already.
final class ParametersJson {
    private final List<FhirJson.Writer> parameters = new ArrayList<>();

    ParametersJson resource(String name, byte[] json) {
        return add(
                name,
                generator -> {
                    generator.writeFieldName("resource");
                    generator.writeRawValue(new String(json, StandardCharsets.UTF_8));
                });
    }

    ParametersJson string(String name, String value) {
        return add(name, generator -> generator.writeStringField("valueString", value));
    }

    ParametersJson instant(String name, Instant value) {
        return add(
                name,
                generator -> generator.writeStringField("valueInstant", FhirJson.instant(value)));
    }

    ParametersJson bytes(String name, byte[] value) {
        return add(
                name,
                generator ->
                        generator.writeStringField(
                                "valueBase64Binary", Base64.getEncoder().encodeToString(value)));
    }

    private ParametersJson add(String name, FhirJson.Writer value) {
        parameters.add(generator -> {
            generator.writeStartObject();
            generator.writeStringField("name", name);
            value.write(generator);
            generator.writeEndObject();
        });
        return this;
    }

    byte[] write() {
        return FhirJson.object(generator -> {
            generator.writeStringField("resourceType", "Parameters");
            generator.writeArrayFieldStart("parameter");
            each(generator);
            generator.writeEndArray();
        });
    }

    private void each(JsonGenerator generator) throws IOException {
        for (FhirJson.Writer parameter : parameters) {
            parameter.write(generator);
        }
    }
}
