package org.yifang.prescription.counter;

import org.yifang.fhir.json.FhirWriter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/// Writes a Parameters answer around resources that are JSON already.
final class ParametersJson {
    private final List<Consumer<FhirWriter>> parameters = new ArrayList<>();

    ParametersJson resource(String name, byte[] json) {
        return add(name, one -> one.raw("resource", json));
    }

    ParametersJson string(String name, String value) {
        return add(name, one -> one.string("valueString", value));
    }

    ParametersJson instant(String name, Instant value) {
        return add(name, one -> one.instant("valueInstant", value));
    }

    ParametersJson bytes(String name, byte[] value) {
        return add(
                name,
                one -> one.string("valueBase64Binary", Base64.getEncoder().encodeToString(value)));
    }

    private ParametersJson add(String name, Consumer<FhirWriter> value) {
        parameters.add(all -> all.parameter(name, value));
        return this;
    }

    byte[] write() {
        return FhirWriter.resource(
                "Parameters",
                json -> json.list("parameter", all -> parameters.forEach(one -> one.accept(all))));
    }
}
