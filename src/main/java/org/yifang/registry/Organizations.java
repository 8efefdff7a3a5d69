package org.yifang.registry;

import io.vertx.core.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Listener;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// All organizations, in memory: a rule that asks for one never waits for the database.
///
/// Every process keeps its own copy and reads it again when the registry changes.
public final class Organizations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Organizations.class);

    /// All of them at one moment; never changes.
    private record Snapshot(
            List<Organization> all,
            List<Organization> pharmacies,
            Map<String, Organization> byNumber,
            Map<UUID, Organization> byId) {
        static Snapshot of(List<Organization> all) {
            Map<String, Organization> byNumber = new HashMap<>();
            Map<UUID, Organization> byId = new HashMap<>();
            for (Organization one : all) {
                byNumber.put(one.number(), one);
                byId.put(one.id(), one);
            }
            return new Snapshot(
                    List.copyOf(all),
                    all.stream().filter(Organization::isPharmacy).toList(),
                    byNumber,
                    byId);
        }
    }

    private final Database database;
    private final Listener listener;
    private volatile Snapshot snapshot = Snapshot.of(List.of());

    private Organizations(Database database) {
        this.database = database;
        this.listener = database.listen("registry", this::refresh, _ -> refresh());
    }

    /// Reads all organizations and keeps them fresh. Waits, so not on an event loop.
    public static Organizations open(Database database) {
        Organizations organizations = new Organizations(database);
        organizations.refresh().await();
        return organizations;
    }

    /// The organization with this number: `nhsa-org`, or a bureau's USCC.
    public Optional<Organization> byNumber(String number) {
        return Optional.ofNullable(snapshot.byNumber.get(number));
    }

    public Optional<Organization> byId(UUID id) {
        return Optional.ofNullable(snapshot.byId.get(id));
    }

    /// All of them, by number.
    public List<Organization> all() {
        return snapshot.all;
    }

    /// All pharmacies, by number; the same list until something in the registry changes.
    public List<Organization> pharmacies() {
        return snapshot.pharmacies;
    }

    /// The location with this id.
    public Optional<Location> location(UUID id) {
        return snapshot.all.stream()
                .flatMap(one -> one.locations().stream())
                .filter(location -> location.id().equals(id))
                .findFirst();
    }

    /// Reads all again. Happens by itself when the database tells of a change, and when it can be
    /// heard again.
    public Future<Void> refresh() {
        return OrganizationStore.all(database)
                .onSuccess(all -> snapshot = Snapshot.of(all))
                .onFailure(away -> LOG.warn("the registry was not read again: {}", away.toString()))
                .mapEmpty();
    }

    @Override
    public void close() {
        listener.close();
    }
}
