package org.yifang.queue.evaluate;

import static org.yifang.generated.Tables.LOCATION;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.platform.data.Database.SQL;

import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Who else there is: a registered place with opening hours, and the bureau.
final class PlaceAndBureau {
    static void hours(Database database, UUID organization, String number, Instant now) {
        database.run(
                SQL.insertInto(ORGANIZATION)
                        .set(ORGANIZATION.ID, organization)
                        .set(ORGANIZATION.REGION, "421281")
                        .set(ORGANIZATION.NUMBER, number)
                        .set(ORGANIZATION.KIND, "hospital")
                        .set(ORGANIZATION.NAME, "Hospital " + number)
                        .set(ORGANIZATION.VERSION, 1L)
                        .set(ORGANIZATION.CREATED_AT, now)
                        .set(ORGANIZATION.UPDATED_AT, now));
        database.run(
                SQL.insertInto(LOCATION)
                        .set(LOCATION.ID, UUID.randomUUID())
                        .set(LOCATION.REGION, "421281")
                        .set(LOCATION.ORGANIZATION_ID, organization)
                        .set(LOCATION.NAME, "L")
                        .set(LOCATION.ADDRESS, "A")
                        .set(LOCATION.LATITUDE, 29.7)
                        .set(LOCATION.LONGITUDE, 113.9)
                        .set(LOCATION.HOURS, "Mo-Fr 08:00-12:00")
                        .set(LOCATION.VERSION, 1L)
                        .set(LOCATION.CREATED_AT, now)
                        .set(LOCATION.UPDATED_AT, now));
    }

    static Caller bureau() {
        return new Caller(
                "bureau-1",
                Role.BUREAU,
                UUID.randomUUID(),
                "B1",
                List.of(),
                List.of(),
                null,
                Caller.Person.UNNAMED,
                "127.0.0.1",
                "r2",
                "en");
    }

    private PlaceAndBureau() {}
}
