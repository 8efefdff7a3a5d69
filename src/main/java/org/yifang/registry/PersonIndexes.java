package org.yifang.registry;

import org.jspecify.annotations.Nullable;
import org.yifang.identity.seal.BlindIndex;

import java.time.LocalDate;

/// What a person is found by beside the number, blind.
///
/// @param phone null without one
record PersonIndexes(byte[] name, byte @Nullable [] phone, byte[] birth, byte[] gender) {
    static PersonIndexes of(BlindIndex index, Person person) {
        String phone = person.phone();
        return new PersonIndexes(
                index.name(person.name()),
                phone == null ? null : index.phone(phone),
                birth(index, person.birthDate()),
                gender(index, person.gender()));
    }

    static byte[] birth(BlindIndex index, LocalDate day) {
        return index.of("birth date", day.toString());
    }

    static byte[] gender(BlindIndex index, String gender) {
        return index.of("gender", gender);
    }
}
