package org.yifang.registry;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/// Who a patient is: all of it is sealed wherever it is kept.
///
/// @param system of the number: [IdentityCard#SYSTEM] or that of another certificate
/// @param number of the certificate
/// @param gender FHIR's administrative-gender
public record Person(
        String system,
        String number,
        String name,
        String gender,
        LocalDate birthDate,
        @Nullable String phone) {

    /// The person by number alone.
    Person unnamed() {
        return new Person(system, number, "", "unknown", birthDate, null);
    }

    byte[] toBytes() {
        return new JsonObject()
                .put("system", system)
                .put("number", number)
                .put("name", name)
                .put("gender", gender)
                .put("birthDate", birthDate.toString())
                .put("phone", phone)
                .encode()
                .getBytes(StandardCharsets.UTF_8);
    }

    static Person ofBytes(byte[] bytes) {
        JsonObject json = new JsonObject(new String(bytes, StandardCharsets.UTF_8));
        return new Person(
                json.getString("system"),
                json.getString("number"),
                json.getString("name"),
                json.getString("gender"),
                LocalDate.parse(json.getString("birthDate")),
                json.getString("phone"));
    }

    /// Never shows who it is: a record's text lands in logs.
    @Override
    public String toString() {
        return "Person[*]";
    }
}
