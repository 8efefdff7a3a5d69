package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.Role;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Declares one FHIR operation, `create`, `update` or `delete`: where it is, who may call it, what
/// answers.
///
/// `Operation.instance("claim", "Task").roles(Role.PHARMACY).handler(routes::claim)`
public final class Operation {
    /// Answers one call; runs on a virtual thread and may wait.
    @FunctionalInterface
    public interface Handler {
        Answer handle(Exchange exchange);
    }

    enum Kind {
        OPERATION,
        CREATE,
        UPDATE,
        PATCH,
        BUNDLE,
        DELETE
    }

    final Kind kind;
    final String name;
    final @Nullable String type;
    final boolean onInstance;
    final boolean onType;

    /// An operator runs the service and sees no patient's data: named where it may call.
    private Set<Role> roles = EnumSet.complementOf(EnumSet.of(Role.OPERATOR));

    private boolean affectsState = true;
    private boolean deletes;
    private boolean keyed;
    private boolean patched;
    private boolean conditional;
    private boolean expecting;
    private boolean repeatable;
    private @Nullable String definition;
    private @Nullable String scope;
    private List<String> consumes = List.of();
    private List<String> produces = List.of();
    private long streamedBytes;
    private @Nullable Handler handler;

    private Operation(
            Kind kind, String name, @Nullable String type, boolean onInstance, boolean onType) {
        this.kind = kind;
        this.name = name;
        this.type = type;
        this.onInstance = onInstance;
        this.onType = onType;
    }

    /// One that knows a call which it did before by its `Idempotency-Key` ([Caller#once]).
    public Operation keyed() {
        keyed = true;
        return this;
    }

    boolean isKeyed() {
        return keyed;
    }

    /// `POST /fhir/$name`.
    public static Operation system(String name) {
        return new Operation(Kind.OPERATION, name, null, false, false);
    }

    /// `POST /fhir/Type/$name`.
    public static Operation type(String name, String type) {
        return new Operation(Kind.OPERATION, name, type, false, true);
    }

    /// `POST /fhir/Type/id/$name`.
    public static Operation instance(String name, String type) {
        return new Operation(Kind.OPERATION, name, type, true, false);
    }

    /// `POST /fhir/Type/$name` and `POST /fhir/Type/id/$name`.
    public static Operation typeAndInstance(String name, String type) {
        return new Operation(Kind.OPERATION, name, type, true, true);
    }

    /// `POST /fhir/Type`.
    public static Operation create(String type) {
        return new Operation(Kind.CREATE, "create", type, false, true);
    }

    /// `PUT /fhir/Type/id`.
    public static Operation update(String type) {
        return new Operation(Kind.UPDATE, "update", type, true, false);
    }

    /// Its desk compares the version that the caller expects ([Caller#expected]) with the one it
    /// locked, and answers what is so already first.
    public Operation expecting() {
        expecting = true;
        return this;
    }

    boolean isExpecting() {
        return expecting;
    }

    /// `POST /fhir`.
    static Operation bundle(Handler answers) {
        return new Operation(Kind.BUNDLE, "batch", null, false, false)
                .roles(Role.HOSPITAL, Role.values())
                .handler(answers);
    }

    /// `PATCH /fhir/Type/id`, for whoever may call this update.
    Operation patch(Handler answers) {
        Operation patch = new Operation(Kind.PATCH, "patch", type, true, false);
        patch.roles = roles;
        patch.scope = scope;
        return patch.consumes(JsonPatch.MEDIA_TYPE).handler(answers);
    }

    /// An update that a JSON Patch may lead to, too: the resource as the caller reads it is patched
    /// and handed to this update, with the version that was read as its `If-Match`.
    public Operation patched() {
        patched = true;
        return this;
    }

    boolean isPatched() {
        return patched;
    }

    /// A create that takes `If-None-Exist` by `identifier`, which a unique index holds; its handler
    /// asks [Exchange#ifNoneExist].
    public Operation conditional() {
        conditional = true;
        return this;
    }

    boolean isConditional() {
        return conditional;
    }

    /// `DELETE /fhir/Type/id`.
    public static Operation delete(String type) {
        return new Operation(Kind.DELETE, "delete", type, true, false);
    }

    /// Only these roles; all but the operator when never said.
    public Operation roles(Role first, Role... others) {
        roles = EnumSet.of(first, others);
        return this;
    }

    /// Changes nothing, so GET is allowed beside POST.
    public Operation reads() {
        affectsState = false;
        return this;
    }

    /// What it keeps it keeps in parts, each harmless to keep again: a call that was answered with
    /// an error is repeated, and its audit record is written behind the last part. Any other that
    /// changes something writes its record with the change ([Exchange#recorded]).
    public Operation repeatable() {
        repeatable = true;
        return this;
    }

    boolean isRepeatable() {
        return repeatable;
    }

    /// DELETE is taken too, for an operation that looks after something under way.
    public Operation deletes() {
        deletes = true;
        return this;
    }

    /// The canonical url of the OperationDefinition, where it is not
    /// `https://yifang.org/fhir/OperationDefinition/name`.
    public Operation definition(String canonical) {
        definition = canonical;
        return this;
    }

    /// The SMART v2 scope that is needed, `Bundle.c`; without it `Type.u`, or `Type.r` for one that
    /// [#reads]; a system operation without it needs none.
    public Operation scope(String typeAndLetters) {
        scope = typeAndLetters;
        return this;
    }

    /// Media types of the body that are taken beside FHIR's.
    public Operation consumes(String... mediaTypes) {
        consumes = List.of(mediaTypes);
        return this;
    }

    /// Media types that the handler may answer in, so that `Accept` is left to it.
    public Operation produces(String... mediaTypes) {
        produces = List.of(mediaTypes);
        return this;
    }

    /// The body is not collected: the handler takes it by [Exchange#stream], up to so many bytes.
    public Operation streamed(long bytesMost) {
        streamedBytes = bytesMost;
        return this;
    }

    /// What answers. Last of the declaration.
    public Operation handler(Handler answers) {
        handler = answers;
        return this;
    }

    Handler handler() {
        if (handler == null) {
            throw new IllegalStateException("Operation " + name + " has no handler.");
        }
        return handler;
    }

    Set<Role> roles() {
        return roles;
    }

    boolean affectsState() {
        return affectsState;
    }

    boolean takesDelete() {
        return deletes;
    }

    String definition() {
        return definition == null
                ? "https://yifang.org/fhir/OperationDefinition/" + name
                : definition;
    }

    /// `Task.u`, or null when any token will do.
    @Nullable String scope() {
        if (scope != null || type == null) {
            return scope;
        }
        return type
                + switch (kind) {
                    case OPERATION -> affectsState ? ".u" : ".r";
                    case CREATE -> ".c";
                    case UPDATE, PATCH -> ".u";
                    case DELETE -> ".d";
                    case BUNDLE -> throw new IllegalStateException();
                };
    }

    List<String> consumes() {
        return consumes;
    }

    List<String> produces() {
        return produces;
    }

    boolean streamed() {
        return streamedBytes > 0;
    }

    long bodyBytesMost() {
        return streamed() ? streamedBytes : Limits.BODY_BYTES;
    }

    /// The letter of AuditEvent.action.
    char act() {
        return switch (kind) {
            case OPERATION, BUNDLE -> 'E';
            case CREATE -> 'C';
            case UPDATE, PATCH -> 'U';
            case DELETE -> 'D';
        };
    }
}
