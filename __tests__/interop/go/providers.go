// How a step may log in: by the profile, as a resource, or by an exchange of its own, each from what the job's environment
// says and from nothing else.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/oracle/oci-go-sdk/v65/common"
	"github.com/oracle/oci-go-sdk/v65/common/auth"
)

var providers = map[string]func() (common.ConfigurationProvider, error){
	"session": func() (common.ConfigurationProvider, error) {
		return common.ConfigurationProviderForSessionTokenWithProfile(configFile(), profile(), "")
	},
	// What most Go tools have: it knows nothing of sessions, and takes one as long as the profile has no user.
	"plain": func() (common.ConfigurationProvider, error) {
		return common.CustomProfileConfigProvider(configFile(), profile()), nil
	},
	"default": func() (common.ConfigurationProvider, error) {
		return common.DefaultConfigProvider(), nil
	},
	"resource-principal": func() (common.ConfigurationProvider, error) {
		return auth.ResourcePrincipalConfigurationProvider()
	},
	"resource-principal-in-tenancy": resourcePrincipalInTenancy,
	"terraform":                     terraform,
	"backend":                       backend,
}

func configFile() string { return os.Getenv("OCI_CLI_CONFIG_FILE") }
func profile() string    { return os.Getenv("OCI_CLI_PROFILE") }

// resourcePrincipalInTenancy says which tenancy it is, since the SDK finds that in the claim res_tenant alone.
func resourcePrincipalInTenancy() (common.ConfigurationProvider, error) {
	principal, err := auth.ResourcePrincipalConfigurationProvider()
	if err != nil {
		return nil, err
	}
	tenancy := common.NewRawConfigurationProvider(os.Getenv("TENANCY"), "", "", "", "", nil)
	return common.ComposingConfigurationProvider([]common.ConfigurationProvider{principal, tenancy})
}

// tokenFile is read anew for every exchange, as Terraform's provider reads it.
type tokenFile string

func (file tokenFile) GetToken() (string, error) {
	text, err := os.ReadFile(string(file))
	return strings.TrimSpace(string(text)), err
}

// terraform hands the variables of Terraform's provider to the SDK's providers that it hands them to.
func terraform() (common.ConfigurationProvider, error) {
	region := os.Getenv("OCI_REGION")
	switch way := os.Getenv("OCI_AUTH"); strings.ToLower(way) {
	case "workloadidentityfederation":
		return auth.TokenExchangeConfigurationProviderFromIssuer(
			tokenFile(os.Getenv("OCI_WORKLOAD_IDENTITY_TOKEN_PATH")),
			auth.TokenExchangeBuilder{
				DomainUrl:          os.Getenv("OCI_TOKEN_EXCHANGE_DOMAIN_URL"),
				ClientId:           os.Getenv("OCI_TOKEN_EXCHANGE_CLIENT_ID"),
				ClientSecret:       os.Getenv("OCI_TOKEN_EXCHANGE_CLIENT_SECRET"),
				Region:             region,
				RequestedTokenType: os.Getenv("OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE"),
				SubjectTokenType:   os.Getenv("OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN_TYPE"),
				ResType:            os.Getenv("OCI_TOKEN_EXCHANGE_RESOURCE_TYPE"),
				RpstExp:            os.Getenv("OCI_TOKEN_EXCHANGE_RPST_EXP"),
			},
		)
	case "securitytoken":
		return sessionIn(os.Getenv("TF_HOME_OVERRIDE"), os.Getenv("OCI_CONFIG_FILE_PROFILE"), region)
	default:
		return nil, fmt.Errorf("OCI_AUTH: another way to log in: %q", way)
	}
}

// backend does the same for Terraform's oci state backend, whose variables and home are others.
func backend() (common.ConfigurationProvider, error) {
	if way := os.Getenv("OCI_auth"); !strings.EqualFold(way, "SecurityToken") {
		return nil, fmt.Errorf("OCI_auth: another way to log in: %q", way)
	}
	home := os.Getenv("OCI_HOME_OVERRIDE")
	if home == "" {
		home = os.Getenv("HOME")
	}
	return sessionIn(home, os.Getenv("OCI_config_file_profile"), os.Getenv("OCI_region"))
}

func sessionIn(home, profile, region string) (common.ConfigurationProvider, error) {
	if home == "" || profile == "" || region == "" {
		return nil, fmt.Errorf("home %q, profile %q, region %q: none may be empty", home, profile, region)
	}
	session, err := common.ConfigurationProviderForSessionTokenWithProfile(home+"/.oci/config", profile, "")
	if err != nil {
		return nil, err
	}
	// The region comes first: it outranks that of the profile.
	return common.ComposingConfigurationProvider([]common.ConfigurationProvider{
		common.NewRawConfigurationProvider("", "", region, "", "", nil),
		session,
	})
}
