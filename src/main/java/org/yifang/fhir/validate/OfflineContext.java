package org.yifang.fhir.validate;

import org.fhir.ucum.UcumService;
import org.hl7.fhir.r5.context.ExpansionOptions;
import org.hl7.fhir.r5.context.ILoggingService;
import org.hl7.fhir.r5.context.IOIDServices;
import org.hl7.fhir.r5.context.IWorkerContext;
import org.hl7.fhir.r5.context.IWorkerContextManager;
import org.hl7.fhir.r5.model.CodeSystem;
import org.hl7.fhir.r5.model.Coding;
import org.hl7.fhir.r5.model.ElementDefinition.ElementDefinitionBindingComponent;
import org.hl7.fhir.r5.model.NamingSystem;
import org.hl7.fhir.r5.model.OperationOutcome;
import org.hl7.fhir.r5.model.PackageInformation;
import org.hl7.fhir.r5.model.Parameters;
import org.hl7.fhir.r5.model.Resource;
import org.hl7.fhir.r5.model.ValueSet;
import org.hl7.fhir.r5.profilemodel.PEBuilder;
import org.hl7.fhir.r5.profilemodel.PEBuilder.PEElementPropertiesPolicy;
import org.hl7.fhir.r5.terminologies.expansion.ValueSetExpansionOutcome;
import org.hl7.fhir.r5.terminologies.utilities.CodingValidationRequest;
import org.hl7.fhir.r5.utils.validation.IResourceValidator;
import org.hl7.fhir.utilities.TimeTracker;
import org.hl7.fhir.utilities.i18n.I18nBase;
import org.hl7.fhir.utilities.validation.ValidationOptions;
import org.jspecify.annotations.NullUnmarked;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// The part of a validator's surroundings that does not exist here: packages, terminology servers,
/// versions of one resource side by side, value sets expanded for display.
///
/// A question that has an honest empty answer gets it; any other is refused loudly, so that a newer
/// validator cannot come to lean on it unseen.
@NullUnmarked
@SuppressWarnings("deprecation") // The interface asks for methods that it deprecates.
abstract class OfflineContext extends I18nBase implements IWorkerContext {
    private final Parameters expansionParameters = new Parameters();

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("There are no packages and no servers here.");
    }

    // One version of each resource: the longer forms mean the shorter ones.

    @Override
    public <T extends Resource> boolean hasResource(Class<T> type, String uri) {
        return fetchResource(type, uri) != null;
    }

    @Override
    public <T extends Resource> boolean hasResource(
            Class<T> type, String uri, String version, Resource source) {
        return fetchResource(type, uri) != null;
    }

    @Override
    public <T extends Resource> T fetchResource(
            Class<T> type, String uri, String version, Resource source) {
        return fetchResource(type, uri);
    }

    /// Null, never an exception: the validator asks this of every code system as a value set, and
    /// catches; a stack trace per code would cost more than the look-up.
    @Override
    public <T extends Resource> T fetchResourceWithException(Class<T> type, String uri) {
        return fetchResource(type, uri);
    }

    @Override
    public <T extends Resource> T fetchResourceWithException(
            Class<T> type, String uri, String version, Resource source) {
        return fetchResource(type, uri);
    }

    @Override
    public <T extends Resource> T fetchResourceRaw(Class<T> type, String uri) {
        return fetchResource(type, uri);
    }

    @Override
    public <T extends Resource> List<T> fetchResourceVersions(Class<T> type, String url) {
        T one = fetchResource(type, url);
        return one == null ? List.of() : List.of(one);
    }

    @Override
    public <T extends Resource> T findTxResource(Class<T> type, String canonical) {
        return fetchResource(type, canonical);
    }

    @Override
    public <T extends Resource> T findTxResource(
            Class<T> type, String canonical, String version, Resource source) {
        return fetchResource(type, canonical);
    }

    @Override
    public CodeSystem fetchCodeSystem(String system, String version, Resource source) {
        return fetchCodeSystem(system);
    }

    @Override
    public CodeSystem fetchSupplementedCodeSystem(String system) {
        return fetchCodeSystem(system);
    }

    @Override
    public CodeSystem fetchSupplementedCodeSystem(String system, String version, Resource source) {
        return fetchCodeSystem(system);
    }

    // Without packages and servers.

    @Override
    public Set<String> getBinaryKeysAsSet() {
        return Set.of();
    }

    @Override
    public boolean hasBinaryKey(String key) {
        return false;
    }

    @Override
    public byte[] getBinaryForKey(String key) {
        return null;
    }

    @Override
    public boolean hasPackage(String id, String version) {
        return false;
    }

    @Override
    public boolean hasPackage(PackageInformation one) {
        return false;
    }

    @Override
    public PackageInformation getPackage(String id, String version) {
        return null;
    }

    @Override
    public PackageInformation getPackageForUrl(String url) {
        return null;
    }

    @Override
    public boolean isNoTerminologyServer() {
        return true;
    }

    @Override
    public Parameters getExpansionParameters() {
        return expansionParameters;
    }

    @Override
    public UcumService getUcumService() {
        return null;
    }

    @Override
    public IOIDServices oidServices() {
        return null;
    }

    @Override
    public Map<String, NamingSystem> getNSUrlMap() {
        return Map.of();
    }

    @Override
    public boolean isForPublication() {
        return false;
    }

    @Override
    public void setForPublication(boolean value) {
        throw unused();
    }

    @Override
    public ILoggingService getLogger() {
        return null;
    }

    @Override
    public TimeTracker clock() {
        return null;
    }

    @Override
    public IWorkerContextManager getManager() {
        throw unused();
    }

    @Override
    public Resource fetchResourceById(String type, String uri) {
        throw unused();
    }

    @Override
    public ValueSetExpansionOutcome expandVS(
            ValueSet source, boolean cacheOk, boolean heirarchical) {
        throw unused();
    }

    @Override
    public ValueSetExpansionOutcome expandVS(ExpansionOptions options, ValueSet source) {
        throw unused();
    }

    @Override
    public ValueSetExpansionOutcome expandVS(
            ValueSet source, boolean cacheOk, boolean heirarchical, int count) {
        throw unused();
    }

    @Override
    public ValueSetExpansionOutcome expandVS(ExpansionOptions options, String uri) {
        throw unused();
    }

    @Override
    public ValueSetExpansionOutcome expandVS(
            Resource source,
            ElementDefinitionBindingComponent binding,
            boolean cacheOk,
            boolean heirarchical) {
        throw unused();
    }

    @Override
    public void validateCodeBatch(
            ValidationOptions options,
            List<? extends CodingValidationRequest> codes,
            ValueSet valueSet,
            boolean passValueSet) {
        throw unused();
    }

    @Override
    public OperationOutcome validateTxResource(ValidationOptions options, Resource resource) {
        throw unused();
    }

    @Override
    public Boolean subsumes(ValidationOptions options, Coding parent, Coding child) {
        throw unused();
    }

    @Override
    public Set<String> getCodeSystemsUsed() {
        throw unused();
    }

    @Override
    public IResourceValidator newValidator() {
        throw unused();
    }

    @Override
    public PEBuilder getProfiledElementBuilder(
            PEElementPropertiesPolicy policy, boolean fixedProperties) {
        throw unused();
    }

    @Override
    public IWorkerContextManager.IPackageLoadingTracker getPackageTracker() {
        throw unused();
    }

    @Override
    public IWorkerContext setPackageTracker(IWorkerContextManager.IPackageLoadingTracker tracker) {
        throw unused();
    }

    @Override
    public int getClientRetryCount() {
        return 0;
    }

    @Override
    public IWorkerContext setClientRetryCount(int value) {
        throw unused();
    }
}
