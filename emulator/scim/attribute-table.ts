// The attributes of the resources that the commands use, with the properties that Oracle's SDKs state for each of them
// ("SCIM++ Properties"): flags, a colon, names. Without a flag an attribute is readWrite, optional, returned by default,
// not unique, not case-exact, not searchable, and has one value. `U:`, `C:` … stand for the URN of an extension.
// Generated from the comments of oci-identitydomains 2.140.2, without the extensions that nobody here reads.

export const EXTENSIONS = {
  U: 'urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User',
  C: 'urn:ietf:params:scim:schemas:oracle:idcs:extension:userCredentials:User',
  P: 'urn:ietf:params:scim:schemas:oracle:idcs:extension:capabilities:User',
  S: 'urn:ietf:params:scim:schemas:oracle:idcs:extension:userState:User',
  G: 'urn:ietf:params:scim:schemas:oracle:idcs:extension:group:Group',
} as const;

/** Of every resource. */
export const COMMON = `
readOnly always unique searchable: id
immutable unique exact searchable: ocid
required list: schemas
readOnly: meta idcsCreatedBy idcsLastModifiedBy domainOcid compartmentOcid tenancyOcid meta.resourceType
  meta.location meta.version
readOnly searchable: deleteInProgress meta.created meta.lastModified
readOnly request: idcsLastUpgradedInRelease
readOnly request list: idcsPreventedOperations
request searchable list: tags
required searchable: tags.key tags.value`;

export const TABLES = {
  Apps: `
readOnly always: meterAsOPCService
immutable unique searchable: name
readOnly: clientSecret callbackServiceUrl basedOnTemplate.$ref grantedAppRoles.$ref grantedAppRoles.type
  grantedAppRoles.display grantedAppRoles.appId grantedAppRoles.appName grantedAppRoles.adminRole
  grantedAppRoles.legacyGroupName allowedScopes.readOnly adminRoles.$ref adminRoles.display
  adminRoles.description userRoles.$ref userRoles.display userRoles.description
readOnly request: hashedClientSecret grantedAppRoles.readOnly scopes.readOnly
required always unique searchable: displayName
searchable: description active isLoginTarget showInMyApps isFormFill isOAuthClient isRadiusApp
  allUrlSchemesAllowed allowAccessControl isOAuthResource allowOffline isMobileTarget
  isSamlServiceProvider isWebTierPolicy isKerberosRealm serviceTypeURN serviceTypeVersion
  isObligationCapable isEnterpriseApp
plain: idTokenEncAlgo landingPageUrl productLogoUrl privacyPolicyUrl termsOfServiceUrl contactEmailAddress
  productName homePageUrl clientType logoutUri accessTokenExpiry refreshTokenExpiry audience loginPageUrl
  linkingCallbackUrl logoutPageUrl errorPageUrl icon bypassConsent radiusPolicy termsOfUse idpPolicy
  appSignonPolicy signonPolicy basedOnTemplate samlServiceProvider asOPCService scopes.description
  scopes.displayName scopes.requiresConsent
exact list: delegatedServiceNames
request: appIcon appThumbnail
readOnly searchable: migrated infrastructure isOPCService isManagedApp readyToUpgrade isDatabaseService
  basedOnTemplate.lastModified
exact searchable: loginMechanism
list: redirectUris postLogoutRedirectUris secondaryAudiences appsNetworkPerimeters
  protectableSecondaryAudiences certificates
exact searchable list: allowedGrants allowedOperations allowedScopes aliasApps scopes
exact: clientIPChecking trustScope
immutable searchable: isUnmanagedApp isMulticloudServiceApp basedOnTemplate.wellKnownId
immutable always searchable: isAliasApp
always: disableKmsiTokenAuthentication
readOnly request list: cloudControlProperties editableAttributes adminRoles userRoles
searchable list: allowedTags trustPolicies
request list: identityProviders
readOnly request searchable list: accounts grants
always list: serviceParams
immutable list: attrRenderingMetadata
required immutable always exact searchable: basedOnTemplate.value
readOnly exact searchable list: grantedAppRoles
required readOnly exact searchable: grantedAppRoles.value
required exact searchable: allowedScopes.fqs scopes.value
readOnly exact searchable: allowedScopes.idOfDefiningApp
required readOnly: adminRoles.value userRoles.value
readOnly unique exact searchable: scopes.fqs`,

  Users: `
searchable: externalId displayName nickName profileUrl title userType locale preferredLanguage timezone
  active name.formatted name.familyName name.givenName name.middleName emails.primary emails.secondary
  emails.verified U:isFederatedUser U:doNotShowGettingStarted
required always unique searchable: userName
plain: description name name.honorificPrefix name.honorificSuffix U:preferredUiLandingPage U:userToken
  U:syncedFromApp U:applicableAuthenticationTargetApp U:delegatedAuthenticationTargetApp
  S:maxConcurrentSessions S:recoveryLocked S:locked P:canUseApiKeys P:canUseAuthTokens
  P:canUseConsolePassword P:canUseCustomerSecretKeys P:canUseOAuth2ClientCredentials
  P:canUseSmtpCredentials P:canUseDbCredentials P:canUseConsole
writeOnly never: password U:notificationEmailTemplateId
list: emails phoneNumbers ims photos addresses entitlements roles x509Certificates
required searchable: emails.value emails.type
readOnly: emails.pendingVerificationData groups.$ref groups.display groups.nonUniqueDisplay
  groups.externalId groups.dateAdded
readOnly request searchable list: groups U:supportAccounts U:idcsAppRolesLimitedToGroups U:accounts
  U:grants C:dbCredentials C:customerSecretKeys C:authTokens C:smtpCredentials C:apiKeys
  C:oAuth2ClientCredentials
required readOnly always exact searchable: groups.value
readOnly exact searchable: groups.ocid
readOnly request searchable: groups.type U:status S:lastSuccessfulLoginDate
readOnly searchable: groups.membershipOcid
immutable never: U:isAuthenticationDelegated U:bypassNotification U:userFlowControlledByExternalClient
  U:isGroupMembershipNormalized U:isGroupMembershipSyncedToUsersGroups
immutable searchable: U:provider U:serviceUser
immutable request searchable: U:creationMechanism
readOnly request: U:groupMembershipLastModified U:isAccountRecoveryEnrolled S:previousSuccessfulLoginDate
  S:lastFailedLoginDate S:loginAttempts S:recoveryAttempts S:recoveryEnrollAttempts
request: U:accountRecoveryRequired
readOnly request list: U:appRoles`,

  Groups: `
searchable: externalId G:description
required always unique searchable: displayName
always searchable: nonUniqueDisplayName
request searchable list: members G:owners
required always exact searchable: members.value
readOnly: members.dateAdded members.name
always exact searchable: members.ocid
readOnly exact searchable: members.membershipOcid
readOnly exact: members.$ref
readOnly searchable: members.display
required exact searchable: members.type
immutable request searchable: G:creationMechanism
plain: G:passwordPolicy G:syncedFromApp
readOnly request searchable list: G:grants G:appRoles`,

  DynamicResourceGroups: `
required request: matchingRule
required always unique searchable: displayName
always: description
readOnly request searchable list: grants dynamicGroupAppRoles`,

  IdentityPropagationTrusts: `
required immutable searchable: name
plain: description subjectMappingAttribute subjectType clientClaimName publicKeyEndpoint publicCertificate
  allowImpersonation clockSkewSeconds CACertChain keytab
required exact: type claimValidations.name claimValidations.value keytab.secretOcid
required always unique exact searchable: issuer
exact searchable: accountId impersonationServiceUsers.ocid
exact: subjectClaimName impersonatingResource keytab.secretVersion
exact list: clientClaimValues
searchable: active
list: oauthClients claimValidations claimPropagations
request list: impersonationServiceUsers
required exact searchable: impersonationServiceUsers.value
readOnly exact: impersonationServiceUsers.$ref
required: impersonationServiceUsers.rule`,

  Settings: `
plain: externalId customBranding preferredLanguage timezone
  diagnosticRecordForSearchIdentifiesReturnedResources reAuthWhenChangingMyAuthenticationFactors locale
  signingCertPublicAccess subMappingAttr accountAlwaysTrustScope defaultTrustScope issuer diagnosticLevel
  enableTermsOfUse termsOfUseUrl privacyPolicyUrl auditEventRetentionPeriod isHostedPage
  customHtmlLocation customCssLocation customTranslation cloudMigrationUrlEnabled cloudMigrationCustomUrl
  serviceAdminCannotListOtherUsers maxNoOfAppRoleMembersToReturn maxNoOfAppCMVAToReturn
  iamUpstSessionExpiry cloudGateCorsSettings certificateValidation
list: contactEmails reAuthFactor allowedDomains allowedForgotPasswordFlowReturnUrls
  allowedNotificationRedirectUrls tenantCustomClaims tenantCustomClaims.scopes purgeConfigs companyNames
  loginTexts images
required: csrAccess tenantCustomClaims.value tenantCustomClaims.mode tenantCustomClaims.expression
  tenantCustomClaims.allScopes tenantCustomClaims.tokenType
request: prevIssuer
readOnly: diagnosticTracingUpto onPremisesProvisioning cloudAccountName
readOnly exact: migrationStatus
required unique: tenantCustomClaims.name
readOnly list: defaultCompanyNames defaultLoginTexts defaultImages`,

  Grants: `
required immutable exact searchable: grantMechanism appEntitlementCollection.value grantee.value
  grantee.type app.value entitlement.attributeValue
readOnly request unique exact searchable: compositeKey
readOnly searchable: isFulfilled
plain: grantedAttributeValuesJson appEntitlementCollection grantor grantee app entitlement
readOnly: appEntitlementCollection.$ref grantor.$ref grantee.$ref app.$ref
readOnly exact searchable: grantor.value
required readOnly exact searchable: grantor.type
readOnly request: grantor.display grantee.display
readOnly request searchable: app.display
required immutable searchable: entitlement.attributeName`,

  AppRoles: `
required immutable always searchable: displayName
readOnly always unique: uniqueName
searchable: description public
immutable unique searchable: legacyGroupName
immutable searchable: adminRole availableToUsers availableToGroups availableToClients
readOnly: limitedToOneOrMoreGroups app.$ref members.$ref members.display
readOnly request: localizedDisplayName
plain: app
required immutable always exact searchable: app.value
readOnly always searchable: app.display
readOnly searchable: app.name app.serviceInstanceIdentifier
readOnly request searchable list: members
required always exact searchable: members.value
required exact searchable: members.type`,
} as const;
