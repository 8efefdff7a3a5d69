package org.yifang.notify.subscription;

import org.yifang.notify.Happening;

import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;

/// Which of the events of a topic are wanted; each list empty for all.
///
/// @param owners pharmacies that hold the prescription, or held it last
/// @param requesters hospitals
public record Filter(List<UUID> patients, List<UUID> owners, List<UUID> requesters) {
    public boolean wants(Happening one) {
        return (patients.isEmpty() || patients.contains(one.patientId()))
                && (requesters.isEmpty() || requesters.contains(one.hospitalId()))
                && (owners.isEmpty() || one.pharmacies().stream().anyMatch(owners::contains));
    }

    /// `Task?patient=Patient/…&owner=Organization/…`, empty when everything is wanted.
    String criteria() {
        StringJoiner all = new StringJoiner("&", "Task?", "").setEmptyValue("");
        add(all, "patient", "Patient/", patients);
        add(all, "owner", "Organization/", owners);
        add(all, "requester", "Organization/", requesters);
        return all.toString();
    }

    private static void add(StringJoiner all, String name, String type, List<UUID> ids) {
        if (!ids.isEmpty()) {
            StringJoiner values = new StringJoiner(",", name + '=', "");
            ids.forEach(id -> values.add(type + id));
            all.add(values.toString());
        }
    }
}
