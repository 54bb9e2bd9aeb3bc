# Workload identities, credential providers and secrets by boto3: what issue 4 calls done.
import json

import boto3
from checks import check, refused, run, same
from clients import control, data

secrets = boto3.client("secretsmanager")
tokens = {}


@check("makes, reads, changes, lists, tags and deletes workload identities")
def _():
    urls = ["https://app.example.com/back"]
    made = control.create_workload_identity(name="boto-app", allowedResourceOauth2ReturnUrls=urls, tags={"team": "a"})
    same(made["ResponseMetadata"]["HTTPStatusCode"], 201)
    same(control.list_tags_for_resource(resourceArn=made["workloadIdentityArn"])["tags"], {"team": "a"})
    same(control.get_workload_identity(name="boto-app")["allowedResourceOauth2ReturnUrls"], urls)
    same(control.update_workload_identity(name="boto-app", allowedResourceOauth2ReturnUrls=[])["allowedResourceOauth2ReturnUrls"], [])
    control.create_workload_identity(name="boto-other")
    pages = control.get_paginator("list_workload_identities").paginate(PaginationConfig={"PageSize": 1})
    names = [one["name"] for page in pages for one in page["workloadIdentities"]]
    assert {"boto-app", "boto-other"} <= set(names), names
    refused("ValidationException", 400, control.create_workload_identity, name="boto-app")
    same(control.delete_workload_identity(name="boto-other")["ResponseMetadata"]["HTTPStatusCode"], 204)
    refused("ResourceNotFoundException", 404, control.get_workload_identity, name="boto-other")


@check("gets workload access tokens for the workload and for a user")
def _():
    tokens["alone"] = data.get_workload_access_token(workloadName="boto-app")["workloadAccessToken"]
    tokens["user"] = data.get_workload_access_token_for_user_id(workloadName="boto-app", userId="jane")["workloadAccessToken"]
    assert tokens["alone"] != tokens["user"]


@check("keeps an API key, shows where it lies and not what it is, and hands it to whoever has a token")
def _():
    made = control.create_api_key_credential_provider(name="boto-key", apiKey="canary-one", tags={"a": "b"})
    same(made["ResponseMetadata"]["HTTPStatusCode"], 201)
    shown = [made, control.get_api_key_credential_provider(name="boto-key"), control.list_api_key_credential_providers()]
    assert "canary" not in str(shown), shown
    assert made["apiKeySecretArn"]["secretArn"].startswith("arn:aws:secretsmanager:"), made
    for token in tokens.values():
        same(data.get_resource_api_key(workloadIdentityToken=token, resourceCredentialProviderName="boto-key")["apiKey"], "canary-one")
    wrong = {"workloadIdentityToken": tokens["user"] + "x", "resourceCredentialProviderName": "boto-key"}
    refused("UnauthorizedException", 401, data.get_resource_api_key, **wrong)
    control.update_api_key_credential_provider(name="boto-key", apiKey="canary-two")
    same(data.get_resource_api_key(workloadIdentityToken=tokens["user"], resourceCredentialProviderName="boto-key")["apiKey"], "canary-two")
    same(control.delete_api_key_credential_provider(name="boto-key")["ResponseMetadata"]["HTTPStatusCode"], 204)


@check("keeps OAuth2 clients of named vendors and custom ones")
def _():
    client = {"clientId": "app", "clientSecret": "canary-secret"}
    google = control.create_oauth2_credential_provider(
        name="boto-google", credentialProviderVendor="GoogleOauth2", oauth2ProviderConfigInput={"googleOauth2ProviderConfig": client}
    )
    same(google["oauth2ProviderConfigOutput"]["googleOauth2ProviderConfig"]["clientId"], "app")
    endpoints = {f"{name}": f"https://login.example.com/{name}" for name in ("issuer", "authorizationEndpoint", "tokenEndpoint")}
    custom = {"oauthDiscovery": {"authorizationServerMetadata": endpoints}, **client}
    control.create_oauth2_credential_provider(
        name="boto-custom", credentialProviderVendor="CustomOauth2", oauth2ProviderConfigInput={"customOauth2ProviderConfig": custom}
    )
    found = control.get_oauth2_credential_provider(name="boto-custom")
    same(found["oauth2ProviderConfigOutput"]["customOauth2ProviderConfig"]["oauthDiscovery"], {"authorizationServerMetadata": endpoints})
    assert "canary" not in str([google, found]), found
    for name in ("boto-google", "boto-custom"):
        control.delete_oauth2_credential_provider(name=name)
    same([one["name"] for one in control.list_oauth2_credential_providers()["credentialProviders"] if one["name"].startswith("boto")], [])


@check("reads the token vault's settings")
def _():
    vault = control.get_token_vault()
    same((vault["tokenVaultId"], vault["kmsConfiguration"]), ("default", {"keyType": "ServiceManagedKey"}))


@check("keeps secrets: texts and bytes, versions, lists, deletion and what is refused")
def _():
    made = secrets.create_secret(Name="boto/db", SecretString=json.dumps({"password": "canary"}), Tags=[{"Key": "team", "Value": "a"}])
    put = secrets.put_secret_value(SecretId=made["ARN"], SecretBinary=b"\x00\xff")
    same(secrets.get_secret_value(SecretId="boto/db")["SecretBinary"], b"\x00\xff")
    same(json.loads(secrets.get_secret_value(SecretId="boto/db", VersionStage="AWSPREVIOUS")["SecretString"]), {"password": "canary"})
    described = secrets.describe_secret(SecretId="boto/db")
    same(described["VersionIdsToStages"], {made["VersionId"]: ["AWSPREVIOUS"], put["VersionId"]: ["AWSCURRENT"]})
    pages = secrets.get_paginator("list_secrets").paginate(Filters=[{"Key": "name", "Values": ["boto/"]}])
    same([one["Name"] for page in pages for one in page["SecretList"]], ["boto/db"])
    refused("ResourceExistsException", 400, secrets.create_secret, Name="boto/db", SecretString="x")
    secrets.delete_secret(SecretId="boto/db", RecoveryWindowInDays=7)
    refused("InvalidRequestException", 400, secrets.get_secret_value, SecretId="boto/db")
    secrets.restore_secret(SecretId="boto/db")
    secrets.delete_secret(SecretId="boto/db", ForceDeleteWithoutRecovery=True)
    refused("ResourceNotFoundException", 400, secrets.get_secret_value, SecretId="boto/db")
    control.delete_workload_identity(name="boto-app")


run()
