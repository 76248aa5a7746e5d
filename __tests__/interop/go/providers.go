// The ways in which a step can authenticate. All settings come from the environment of the job.
package main

import (
	"crypto/rsa"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/oracle/oci-go-sdk/v65/common"
	"github.com/oracle/oci-go-sdk/v65/common/auth"
)

var providers = map[string]func() (common.ConfigurationProvider, error){
	"session": func() (common.ConfigurationProvider, error) {
		return common.ConfigurationProviderForSessionTokenWithProfile(configFile(), profile(), "")
	},
	// Most Go tools use this one. It does not know sessions, but accepts one if the profile has no user.
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

// resourcePrincipalInTenancy adds the tenancy: the SDK only finds it in the claim res_tenant.
func resourcePrincipalInTenancy() (common.ConfigurationProvider, error) {
	principal, err := auth.ResourcePrincipalConfigurationProvider()
	if err != nil {
		return nil, err
	}
	tenancy := common.NewRawConfigurationProvider(os.Getenv("TENANCY"), "", "", "", "", nil)
	return common.ComposingConfigurationProvider([]common.ConfigurationProvider{principal, tenancy})
}

// tokenFile is read again for every exchange, as in Terraform's provider.
type tokenFile string

func (file tokenFile) GetToken() (string, error) {
	text, err := os.ReadFile(string(file))
	return strings.TrimSpace(string(text)), err
}

// terraform composes what Terraform's provider does: the session, then its arguments, then a config file.
func terraform() (common.ConfigurationProvider, error) {
	session, err := terraformSession()
	if err != nil {
		return nil, err
	}
	fallback := common.DefaultConfigProvider()
	if profile := argument("config_file_profile"); profile != "" {
		file := filepath.Join(homeOfAccount(), ".oci", "config")
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if !strings.Contains(string(text), "["+profile+"]") {
			return nil, fmt.Errorf("configuration file did not contain profile: %s", profile)
		}
		fallback = common.CustomProfileConfigProvider(file, profile)
	}
	return common.ComposingConfigurationProvider([]common.ConfigurationProvider{session, arguments{}, fallback})
}

// argument is read from the environment when the provider block does not have it.
func argument(name string) string {
	if value := os.Getenv("TF_VAR_" + name); value != "" {
		return value
	}
	return os.Getenv("OCI_" + strings.ToUpper(name))
}

func homeOfAccount() string {
	if home := os.Getenv("TF_HOME_OVERRIDE"); home != "" {
		return home
	}
	account, err := user.Current()
	if err != nil {
		return os.Getenv("HOME")
	}
	return account.HomeDir
}

// arguments is an API key in the arguments of the provider block.
type arguments struct{}

func required(name string) (string, error) {
	if value := argument(name); value != "" {
		return value, nil
	}
	return "", fmt.Errorf("can not get %s from Terraform configuration", name)
}

func (arguments) TenancyOCID() (string, error)    { return required("tenancy_ocid") }
func (arguments) UserOCID() (string, error)       { return required("user_ocid") }
func (arguments) KeyFingerprint() (string, error) { return required("fingerprint") }
func (arguments) Region() (string, error)         { return required("region") }
func (arguments) AuthType() (common.AuthConfig, error) {
	return common.AuthConfig{AuthType: common.UnknownAuthenticationType}, fmt.Errorf("unsupported")
}

func (key arguments) KeyID() (string, error) {
	var parts []string
	for _, name := range []string{"tenancy_ocid", "user_ocid", "fingerprint"} {
		part, err := required(name)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "/"), nil
}

func (arguments) PrivateRSAKey() (*rsa.PrivateKey, error) {
	file, err := required("private_key_path")
	if err != nil {
		return nil, err
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return common.PrivateKeyFromBytes(pem, nil)
}

// terraformSession maps the variables of Terraform's provider to the SDK, as that provider does.
func terraformSession() (common.ConfigurationProvider, error) {
	region := os.Getenv("OCI_REGION")
	switch method := os.Getenv("OCI_AUTH"); strings.ToLower(method) {
	case "workloadidentityfederation":
		return terraformExchange(region)
	case "securitytoken":
		return sessionIn(homeOfAccount(), os.Getenv("OCI_CONFIG_FILE_PROFILE"), region)
	default:
		return nil, fmt.Errorf("unexpected OCI_AUTH: %q", method)
	}
}

func terraformExchange(region string) (common.ConfigurationProvider, error) {
	builder := auth.TokenExchangeBuilder{
		DomainUrl:          os.Getenv("OCI_TOKEN_EXCHANGE_DOMAIN_URL"),
		Region:             region,
		RequestedTokenType: os.Getenv("OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE"),
		SubjectTokenType:   os.Getenv("OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN_TYPE"),
		ResType:            os.Getenv("OCI_TOKEN_EXCHANGE_RESOURCE_TYPE"),
		RpstExp:            os.Getenv("OCI_TOKEN_EXCHANGE_RPST_EXP"),
	}
	id, secret := os.Getenv("OCI_TOKEN_EXCHANGE_CLIENT_ID"), os.Getenv("OCI_TOKEN_EXCHANGE_CLIENT_SECRET")
	switch method := os.Getenv("OCI_TOKEN_EXCHANGE_AUTH"); strings.ToLower(method) {
	case "", "oauthclientcredentials":
		builder.ClientId, builder.ClientSecret = id, secret
	case "instanceprincipal":
		if id != "" || secret != "" {
			return nil, fmt.Errorf("no client with OCI_TOKEN_EXCHANGE_AUTH=InstancePrincipal")
		}
		instance, err := auth.InstancePrincipalConfigurationProviderForRegion(common.StringToRegion(region))
		if err != nil {
			return nil, err
		}
		builder.InstancePrincipalProvider = instance
	default:
		return nil, fmt.Errorf("unexpected OCI_TOKEN_EXCHANGE_AUTH: %q", method)
	}
	return auth.TokenExchangeConfigurationProviderFromIssuer(tokenFile(os.Getenv("OCI_WORKLOAD_IDENTITY_TOKEN_PATH")), builder)
}

// backend does the same for Terraform's oci state backend, which has other variables and another home.
func backend() (common.ConfigurationProvider, error) {
	if method := os.Getenv("OCI_auth"); !strings.EqualFold(method, "SecurityToken") {
		return nil, fmt.Errorf("unexpected OCI_auth: %q", method)
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
	// The first provider wins: this region takes precedence over that of the profile.
	return common.ComposingConfigurationProvider([]common.ConfigurationProvider{
		common.NewRawConfigurationProvider("", "", region, "", "", nil),
		session,
	})
}
