package org.yifang.prescription.slip;

import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.platform.data.Database.SQL;

import org.yifang.identity.client.Slips;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.registry.Patients;

import java.util.Optional;
import java.util.UUID;

/// Whose slip it is, for the door of the patient's page.
public final class SlipOwners implements Slips {
    private final Database database;
    private final Patients patients;

    public SlipOwners(Database database, Patients patients) {
        this.database = database;
        this.patients = patients;
    }

    @Override
    public Optional<Slip> of(UUID task) {
        for (var row :
                database.run(
                        SQL.select(PRESCRIPTION.PATIENT_ID)
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.ID.eq(task)))) {
            return patients.find(Rows.get(row, PRESCRIPTION.PATIENT_ID))
                    .map(one -> new Slip(one.id(), one.person().number()));
        }
        return Optional.empty();
    }
}
