package org.yifang;

import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.CatalogueRoutes;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.identity.client.UnknownPatients;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.prescription.read.PatientViews;
import org.yifang.registry.Organizations;
import org.yifang.registry.PatientResourceViews;
import org.yifang.registry.Patients;
import org.yifang.registry.Practitioners;
import org.yifang.registry.RegistryViews;
import org.yifang.registry.Unmasking;

/// Who and what is registered: people, organizations, drugs.
record Registered(
        BlindIndexes indexes,
        Patients patients,
        Practitioners practitioners,
        Organizations organizations,
        Catalogue catalogue) {
    static Registered open(Ground ground) {
        BlindIndexes indexes =
                BlindIndexes.open(ground.database(), ground.secrets().masterKeys(), ground.clock());
        Patients patients =
                new Patients(
                        ground.database(),
                        ground.secrets().seal(),
                        indexes,
                        ground.ids(),
                        new UnknownPatients(ground.secrets().fixed()));
        patients.fillIndexes();
        Practitioners practitioners = new Practitioners(ground.database(), ground.ids());
        Demonstration.loadRegistry(
                ground.config(), ground.database(), ground.ids(), ground.clock().instant());
        Organizations organizations = ground.opened(Organizations.open(ground.database()));
        Catalogue catalogue = ground.opened(Catalogue.open(ground.database()));
        Demonstration.load(
                ground.config(),
                ground.database(),
                catalogue,
                organizations,
                ground.clock().instant());
        return new Registered(indexes, patients, practitioners, organizations, catalogue);
    }

    /// Mounts what is read of it; what is written is mounted last of all.
    void mount(FhirRouter fhir, Ground ground) {
        RegistryViews.stored().forEach(fhir::mount);
        Unmasking unmasking = new Unmasking(ground.database(), patients, ground.audit());
        unmasking.mount(fhir);
        fhir.mount(
                PatientResourceViews.stored(patients, indexes, PatientViews.visible(), unmasking));
        new CatalogueRoutes(catalogue).mount(fhir);
    }
}
