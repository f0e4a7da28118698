{{- define "attune-pack-controller.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* Unique in its namespace; a release that is named after the chart does not say so twice. */ -}}
{{- define "attune-pack-controller.fullname" -}}
{{- $name := include "attune-pack-controller.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* Names of cluster-wide objects carry the namespace: two releases may be of one name. */ -}}
{{- define "attune-pack-controller.clusterName" -}}
{{- printf "%s:%s" .Release.Namespace (include "attune-pack-controller.fullname" .) -}}
{{- end -}}

{{- define "attune-pack-controller.serviceAccountName" -}}
{{- $own := ternary (include "attune-pack-controller.fullname" .) "default" .Values.serviceAccount.create -}}
{{- default $own .Values.serviceAccount.name -}}
{{- end -}}

{{- define "attune-pack-controller.selectorLabels" -}}
app.kubernetes.io/name: {{ include "attune-pack-controller.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "attune-pack-controller.labels" -}}
{{ include "attune-pack-controller.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "attune-pack-controller.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "attune-pack-controller.subject" -}}
- kind: ServiceAccount
  name: {{ include "attune-pack-controller.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}

{{- /* What the controller asks of each namespace that it watches, and nothing else. */ -}}
{{- define "attune-pack-controller.rules" -}}
# patch is for the finalizer.
- apiGroups: [attune.io]
  resources: [packs]
  verbs: [get, list, watch, patch]
- apiGroups: [attune.io]
  resources: [packs/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [events]
  verbs: [create]
# By name, as a Pack names it: who may list Secrets may read all of them.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get]
{{- end -}}

{{- /* Whether users of the cluster may use the API. */ -}}
{{- define "attune-pack-controller.reviews" -}}
{{- $wanted := ternary (empty .Values.namespaces) .Values.api.kubernetes (eq (toString .Values.api.kubernetes) "auto") -}}
{{- and .Values.http.enabled $wanted -}}
{{- end -}}

{{- /* Four fifths of the cache's volume. */ -}}
{{- define "attune-pack-controller.cacheSize" -}}
{{- $size := .Values.cache.sizeLimit -}}
{{- $unit := dict "Mi" 1 "Gi" 1024 "Ti" 1048576 -}}
{{- $mebibytes := mul (trimSuffix "i" $size | trimSuffix "M" | trimSuffix "G" | trimSuffix "T") (get $unit (substr (int (sub (len $size) 2)) (len $size) $size)) -}}
{{- printf "%dMi" (max 1 (div (mul $mebibytes 4) 5)) -}}
{{- end -}}
