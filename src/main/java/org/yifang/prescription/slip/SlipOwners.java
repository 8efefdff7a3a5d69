package org.yifang.prescription.slip;

import org.yifang.identity.client.Slips;
import org.yifang.platform.data.Database;
import org.yifang.prescription.life.PrescriptionViews;
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
        return PrescriptionViews.patientOf(database, task)
                .flatMap(patients::find)
                .map(one -> new Slip(one.id(), one.person().number()));
    }
}
