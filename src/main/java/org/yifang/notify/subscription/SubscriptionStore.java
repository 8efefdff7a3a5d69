package org.yifang.notify.subscription;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.yifang.generated.Tables.SUBSCRIPTION;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.notify.Topic;
import org.yifang.notify.subscription.Subscription.Content;
import org.yifang.notify.subscription.Subscription.Owner;
import org.yifang.notify.subscription.Subscription.Request;
import org.yifang.notify.subscription.Subscription.Status;
import org.yifang.platform.Role;
import org.yifang.platform.data.Columns;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Prepared;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.SealedColumn;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.TextSeal;
import org.yifang.platform.data.Tx;
import org.yifang.platform.data.Update;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// All Subscriptions.
public final class SubscriptionStore {
    private static final Statement FIND =
            Statement.of(p ->
                    SQL.select(SUBSCRIPTION.fields())
                            .from(SUBSCRIPTION)
                            .where(SUBSCRIPTION.ID.eq(p.like(SUBSCRIPTION.ID))));

    /// Whose events name it, and all of reviewers.
    private static final Statement LISTENING =
            Statement.of(p ->
                    SQL.select(SUBSCRIPTION.fields())
                            .from(SUBSCRIPTION)
                            .where(SUBSCRIPTION.STATUS.ne(inline(Status.OFF.code())))
                            .and(
                                    SUBSCRIPTION.TOPIC.eq(
                                            org.jooq.impl.DSL.any(p.array(SUBSCRIPTION.TOPIC))))
                            .and(
                                    SUBSCRIPTION
                                            .AUDIENCE
                                            .isNull()
                                            .or(
                                                    SUBSCRIPTION.AUDIENCE.eq(
                                                            org.jooq.impl.DSL.any(
                                                                    p.array(
                                                                            SUBSCRIPTION
                                                                                    .AUDIENCE))))));

    private static final Prepared<Instant> ENDED =
            Prepared.of(v ->
                    SQL.update(SUBSCRIPTION)
                            .set(SUBSCRIPTION.STATUS, Status.OFF.code())
                            .set(SUBSCRIPTION.VERSION, SUBSCRIPTION.VERSION.plus(1))
                            .set(SUBSCRIPTION.UPDATED_AT, v.of(SUBSCRIPTION.UPDATED_AT, now -> now))
                            .where(SUBSCRIPTION.ENDS_AT.le(v.of(SUBSCRIPTION.ENDS_AT, now -> now)))
                            .and(SUBSCRIPTION.STATUS.ne(inline(Status.OFF.code()))));

    /// How one stands now; `of` is the Subscription as it was read.
    private record Stand(
            Subscription of, Status status, boolean shaken, @Nullable String error, Instant now) {}

    /// Its owner may just have changed it: then it has another version.
    private static final Update<Stand> STAND =
            Update.of(SUBSCRIPTION)
                    .set(SUBSCRIPTION.STATUS, (Stand one) -> one.status().code())
                    .set(SUBSCRIPTION.SHAKEN, Stand::shaken)
                    .set(SUBSCRIPTION.ERROR, Stand::error)
                    .always(SUBSCRIPTION.VERSION, SUBSCRIPTION.VERSION.plus(1))
                    .set(SUBSCRIPTION.UPDATED_AT, Stand::now)
                    .where(SUBSCRIPTION.ID, one -> one.of().id())
                    .where(SUBSCRIPTION.VERSION, one -> one.of().version());

    private final Insert<Subscription> insert;
    private final Update<Subscription> update;
    private final TextSeal texts;
    private final Database database;

    /// @param region GB/T 2260, six digits
    public SubscriptionStore(Database database, String region) {
        this.database = database;
        this.texts = database.texts();
        Columns<Subscription> changing =
                Columns.<Subscription>of(SUBSCRIPTION)
                        .set(SUBSCRIPTION.STATUS, one -> one.status().code())
                        .set(SUBSCRIPTION.TOPIC, one -> one.request().topic().code())
                        .set(SUBSCRIPTION.PATIENTS, one -> array(filter(one).patients()))
                        .set(SUBSCRIPTION.OWNERS, one -> array(filter(one).owners()))
                        .set(SUBSCRIPTION.REQUESTERS, one -> array(filter(one).requesters()))
                        .set(SUBSCRIPTION.ENDPOINT, one -> one.request().endpoint())
                        .set(SUBSCRIPTION.CONTENT, one -> one.request().content().code())
                        .set(SUBSCRIPTION.HEARTBEAT, one -> one.request().heartbeat())
                        .set(SUBSCRIPTION.TIMEOUT, one -> one.request().timeout())
                        .set(SUBSCRIPTION.MAX_COUNT, one -> one.request().maxCount())
                        .set(SUBSCRIPTION.REASON, one -> texts.seal(one.request().reason()))
                        .set(SUBSCRIPTION.CONTACT, one -> sealed(one.request().contact()))
                        .set(SUBSCRIPTION.ENDS_AT, one -> one.request().endsAt())
                        .set(SUBSCRIPTION.SECRET, Subscription::secret)
                        .set(SUBSCRIPTION.OLD_SECRET, Subscription::old)
                        .set(SUBSCRIPTION.OLD_SECRET_UNTIL, Subscription::oldUntil)
                        .set(SUBSCRIPTION.SHAKEN, Subscription::shaken)
                        .set(SUBSCRIPTION.ERROR, Subscription::error)
                        .set(SUBSCRIPTION.VERSION, Subscription::version)
                        .set(SUBSCRIPTION.UPDATED_AT, Subscription::updatedAt);
        insert =
                Insert.into(changing)
                        .set(SUBSCRIPTION.ID, Subscription::id)
                        .set(SUBSCRIPTION.REGION, _ -> region)
                        .set(SUBSCRIPTION.CLIENT_ID, one -> one.owner().clientId())
                        .set(SUBSCRIPTION.ROLE, one -> one.owner().role().code())
                        .set(SUBSCRIPTION.ORGANIZATION_ID, one -> one.owner().organizationId())
                        .set(SUBSCRIPTION.ORGANIZATION, one -> one.owner().organization())
                        .set(SUBSCRIPTION.PATIENT_ID, one -> one.owner().patientId())
                        .set(SUBSCRIPTION.AUDIENCE, one -> one.owner().audience())
                        .set(SUBSCRIPTION.SCOPES, one -> String.join(" ", one.owner().scopes()))
                        .set(SUBSCRIPTION.CREATED_AT, Subscription::createdAt);
        update = Update.of(changing).where(SUBSCRIPTION.ID, Subscription::id);
    }

    private static Filter filter(Subscription one) {
        return one.request().filter();
    }

    private static UUID[] array(List<UUID> ids) {
        return ids.toArray(UUID[]::new);
    }

    private @Nullable String sealed(@Nullable String text) {
        return text == null ? null : texts.seal(text);
    }

    void add(Tx tx, Subscription one) {
        var _ = insert.start(tx, one);
    }

    void replace(Tx tx, Subscription next) {
        var _ = update.start(tx, next);
    }

    void remove(Tx tx, UUID id) {
        var _ = tx.start(SQL.deleteFrom(SUBSCRIPTION).where(SUBSCRIPTION.ID.eq(id)));
    }

    /// The Subscription of an owner, locked; empty when it is another's.
    Optional<Subscription> lock(Tx tx, UUID id, Owner owner) {
        return first(
                tx.run(
                        SQL.select(SUBSCRIPTION.fields())
                                .from(SUBSCRIPTION)
                                .where(SUBSCRIPTION.ID.eq(id))
                                .and(SUBSCRIPTION.CLIENT_ID.eq(owner.clientId()))
                                .and(SUBSCRIPTION.PATIENT_ID.isNotDistinctFrom(owner.patientId()))
                                .forUpdate()));
    }

    /// How many an owner has.
    int countOf(Tx tx, Owner owner) {
        return tx.run(
                        SQL.select(count().as("n"))
                                .from(SUBSCRIPTION)
                                .where(SUBSCRIPTION.CLIENT_ID.eq(owner.clientId()))
                                .and(SUBSCRIPTION.PATIENT_ID.isNotDistinctFrom(owner.patientId())))
                .iterator()
                .next()
                .getInteger("n");
    }

    public Optional<Subscription> find(UUID id) {
        return first(database.run(FIND, id));
    }

    /// Those that listen to one of the topics and whom an event may name.
    public List<Subscription> listening(
            Tx tx, Collection<Topic> topics, Collection<UUID> audiences) {
        RowSet<Row> rows =
                tx.run(
                        LISTENING,
                        topics.stream().map(Topic::code).toArray(String[]::new),
                        audiences.toArray(UUID[]::new));
        return all(rows);
    }

    /// Notes how one stands, unless its owner has just changed it.
    ///
    /// @return the Subscription as it stands then
    public Subscription stand(
            Subscription one, Status status, boolean shaken, @Nullable String error, Instant now) {
        if (status == one.status()
                && shaken == one.shaken()
                && Objects.equals(error, one.error())) {
            return one;
        }
        database.inTransaction(tx -> STAND.start(tx, new Stand(one, status, shaken, error, now)));
        return find(one.id()).orElse(one.with(status, shaken, error));
    }

    /// Ends those whose end has come.
    public void end(Instant now) {
        database.inTransaction(tx -> ENDED.start(tx, now).await());
    }

    private List<Subscription> all(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> read(row, texts))
                .toList();
    }

    private Optional<Subscription> first(RowSet<Row> rows) {
        return all(rows).stream().findFirst();
    }

    static Field<?>[] fields() {
        return SUBSCRIPTION.fields();
    }

    static Subscription read(Row row, TextSeal texts) {
        String contact = Rows.find(row, SUBSCRIPTION.CONTACT);
        return new Subscription(
                get(row, SUBSCRIPTION.ID),
                new Owner(
                        get(row, SUBSCRIPTION.CLIENT_ID),
                        Role.of(get(row, SUBSCRIPTION.ROLE)),
                        get(row, SUBSCRIPTION.ORGANIZATION_ID),
                        get(row, SUBSCRIPTION.ORGANIZATION),
                        Rows.find(row, SUBSCRIPTION.PATIENT_ID),
                        words(get(row, SUBSCRIPTION.SCOPES))),
                Status.of(get(row, SUBSCRIPTION.STATUS)),
                new Request(
                        Topic.find(get(row, SUBSCRIPTION.TOPIC)).orElseThrow(),
                        new Filter(
                                Arrays.asList(get(row, SUBSCRIPTION.PATIENTS)),
                                Arrays.asList(get(row, SUBSCRIPTION.OWNERS)),
                                Arrays.asList(get(row, SUBSCRIPTION.REQUESTERS))),
                        get(row, SUBSCRIPTION.ENDPOINT),
                        Objects.requireNonNull(Content.find(get(row, SUBSCRIPTION.CONTENT))),
                        Rows.find(row, SUBSCRIPTION.HEARTBEAT),
                        Rows.find(row, SUBSCRIPTION.TIMEOUT),
                        Rows.find(row, SUBSCRIPTION.MAX_COUNT),
                        texts.open(get(row, SUBSCRIPTION.REASON)),
                        contact == null ? null : texts.open(contact),
                        Rows.find(row, SUBSCRIPTION.ENDS_AT)),
                get(row, SUBSCRIPTION.SECRET),
                Rows.find(row, SUBSCRIPTION.OLD_SECRET),
                Rows.find(row, SUBSCRIPTION.OLD_SECRET_UNTIL),
                get(row, SUBSCRIPTION.SHAKEN),
                Rows.find(row, SUBSCRIPTION.ERROR),
                get(row, SUBSCRIPTION.VERSION),
                get(row, SUBSCRIPTION.CREATED_AT),
                get(row, SUBSCRIPTION.UPDATED_AT));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }

    /// What is sealed here, for the rotation of the master key.
    public static List<SealedColumn> sealed() {
        List<Field<?>> key = List.of(SUBSCRIPTION.ID);
        return List.of(
                SealedColumn.bytes(
                        "secrets of Subscriptions",
                        SUBSCRIPTION,
                        key,
                        SUBSCRIPTION.SECRET,
                        _ -> WebhookSecrets.PLACE),
                SealedColumn.bytes(
                        "old secrets of Subscriptions",
                        SUBSCRIPTION,
                        key,
                        SUBSCRIPTION.OLD_SECRET,
                        _ -> WebhookSecrets.PLACE),
                SealedColumn.texts(
                        "reasons of Subscriptions", SUBSCRIPTION, key, SUBSCRIPTION.REASON),
                SealedColumn.texts(
                        "contacts of Subscriptions", SUBSCRIPTION, key, SUBSCRIPTION.CONTACT));
    }
}
